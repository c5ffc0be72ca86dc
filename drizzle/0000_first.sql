CREATE TABLE "alerts" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"mail_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"alert_id" text,
	"region" text,
	"device" text NOT NULL,
	"recipient" text,
	"domain" text,
	"package" text,
	"failure" text NOT NULL,
	"announced" text NOT NULL,
	"distribution_server" text,
	"job" text,
	"attempt" integer NOT NULL,
	"building" text,
	"room" text,
	"at" timestamp with time zone NOT NULL,
	"counter" text NOT NULL,
	"rule_id" text NOT NULL,
	"state" text NOT NULL,
	"reason" text NOT NULL,
	"ticket_id" bigint
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"who" text NOT NULL,
	"what" text NOT NULL,
	"about" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "commands" (
	"id" text PRIMARY KEY NOT NULL,
	"redistribution_id" text NOT NULL,
	"ordinal" integer NOT NULL,
	"command" jsonb NOT NULL,
	"state" text NOT NULL,
	"exit_code" integer,
	"output" text DEFAULT '' NOT NULL,
	"results" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"note" text,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "cursors" (
	"mailbox" text PRIMARY KEY NOT NULL,
	"uid_validity" bigint NOT NULL,
	"last_uid" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"sequence" bigserial NOT NULL,
	"kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"channel" text NOT NULL,
	"parent_id" text,
	"body" jsonb,
	"state" text NOT NULL,
	"wanted" integer DEFAULT 1 NOT NULL,
	"sent" integer DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"claimed_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"posted_channel" text,
	"ts" text,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "failed_jobs" (
	"server" text NOT NULL,
	"job" text NOT NULL,
	"recipient" text NOT NULL,
	"package" text NOT NULL,
	"attempt" integer NOT NULL,
	"failed_at" timestamp with time zone NOT NULL,
	"cause" text NOT NULL,
	"known_from" text NOT NULL,
	"cleared_at" timestamp with time zone,
	CONSTRAINT "failed_jobs_server_job_recipient_package_pk" PRIMARY KEY("server","job","recipient","package")
);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"server" text NOT NULL,
	"job" text NOT NULL,
	"recipient" text NOT NULL,
	"package" text NOT NULL,
	"attempt" integer NOT NULL,
	"command_id" text NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "ledger_server_job_recipient_package_attempt_pk" PRIMARY KEY("server","job","recipient","package","attempt")
);
--> statement-breakpoint
CREATE TABLE "mails" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"via" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"from_address" text,
	"subject" text NOT NULL,
	"state" text NOT NULL,
	"format" text,
	"gate" text NOT NULL,
	"reason" text NOT NULL,
	"gates" jsonb NOT NULL,
	"alert_count" integer NOT NULL,
	"source" "bytea" NOT NULL,
	CONSTRAINT "mails_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "outages" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"device" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"created_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "redistributions" (
	"id" text PRIMARY KEY NOT NULL,
	"server" text NOT NULL,
	"period_from" timestamp with time zone NOT NULL,
	"period_until" timestamp with time zone NOT NULL,
	"period_text" text NOT NULL,
	"time_zone" text NOT NULL,
	"channel" text NOT NULL,
	"requested_by" jsonb NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"digest" text,
	"decided_by" jsonb,
	"decided_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"unmatched" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "seen_events" (
	"key" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_facts" (
	"ticket_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"alert_count" integer NOT NULL,
	CONSTRAINT "ticket_facts_ticket_id_kind_name_pk" PRIMARY KEY("ticket_id","kind","name")
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"counter" text NOT NULL,
	"failure" text NOT NULL,
	"subject" text NOT NULL,
	"device" text NOT NULL,
	"state" text NOT NULL,
	"reason" text NOT NULL,
	"region" text,
	"alert_count" integer NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"announced" text NOT NULL,
	"said_building" text,
	"said_room" text,
	"diagnosis" jsonb,
	"location" jsonb,
	"channel" text,
	"acknowledged_by" text,
	"acknowledged_at" timestamp with time zone,
	"repaired_by" text,
	"repaired_at" timestamp with time zone,
	"looks" integer DEFAULT 0 NOT NULL,
	"look_at" timestamp with time zone,
	"opened_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_mail_id_mails_id_fk" FOREIGN KEY ("mail_id") REFERENCES "public"."mails"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "commands" ADD CONSTRAINT "commands_redistribution_id_redistributions_id_fk" FOREIGN KEY ("redistribution_id") REFERENCES "public"."redistributions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_command_id_commands_id_fk" FOREIGN KEY ("command_id") REFERENCES "public"."commands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_facts" ADD CONSTRAINT "ticket_facts_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_of_mail" ON "alerts" USING btree ("mail_id","ordinal");--> statement-breakpoint
CREATE INDEX "alerts_counted" ON "alerts" USING btree ("counter","at") WHERE "alerts"."state" = 'counted';--> statement-breakpoint
CREATE INDEX "alerts_ticket" ON "alerts" USING btree ("ticket_id","state");--> statement-breakpoint
CREATE UNIQUE INDEX "commands_order" ON "commands" USING btree ("redistribution_id","ordinal");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_subject" ON "deliveries" USING btree ("kind","subject_id") WHERE "deliveries"."kind" <> 'note';--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("channel","sequence") WHERE "deliveries"."state" in ('pending', 'claimed');--> statement-breakpoint
CREATE INDEX "failed_jobs_open" ON "failed_jobs" USING btree ("server","failed_at") WHERE "failed_jobs"."cleared_at" is null;--> statement-breakpoint
CREATE INDEX "ledger_command" ON "ledger" USING btree ("command_id");--> statement-breakpoint
CREATE INDEX "mails_state" ON "mails" USING btree ("state","received_at");--> statement-breakpoint
CREATE INDEX "redistributions_server" ON "redistributions" USING btree ("server","state");--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_one_live" ON "tickets" USING btree ("counter") WHERE "tickets"."state" in ('candidate', 'held', 'open', 'acknowledged', 'repaired');--> statement-breakpoint
CREATE INDEX "tickets_state" ON "tickets" USING btree ("state");
CREATE TABLE "alerts" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"mail_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"alert_id" text,
	"region" text,
	"device" text NOT NULL,
	"address" text,
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
	"ticket_id" bigint,
	"outage_id" bigint,
	"outage_device" text,
	"device_name" text NOT NULL,
	"in_region" text,
	"in_building" text,
	"own_root" text,
	"upstream_root" text
);
--> statement-breakpoint
CREATE TABLE "approvals" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"redistribution_id" text NOT NULL,
	"team_id" text NOT NULL,
	"user_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"digest" text NOT NULL,
	"voided" text
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
CREATE TABLE "dry_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"redistribution_id" text NOT NULL,
	"command_id" text NOT NULL,
	"argv" jsonb NOT NULL,
	"requested_by" jsonb NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"output" text DEFAULT '' NOT NULL,
	"exit_code" integer,
	"note" text,
	"ended_at" timestamp with time zone,
	"pruned" boolean DEFAULT false NOT NULL
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
CREATE TABLE "seen_events" (
	"key" text PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL
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
	"told_as" text,
	"cleared_at" timestamp with time zone,
	CONSTRAINT "failed_jobs_server_job_recipient_package_pk" PRIMARY KEY("server","job","recipient","package")
);
--> statement-breakpoint
CREATE TABLE "heartbeats" (
	"intake" text PRIMARY KEY NOT NULL,
	"watched_since" timestamp with time zone NOT NULL,
	"last_mail_at" timestamp with time zone,
	"lag_ms" integer,
	"last_connected_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"intake" text NOT NULL,
	"reason" text NOT NULL,
	"detail" text,
	"since" timestamp with time zone NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"recovered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "probes" (
	"token" text PRIMARY KEY NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"returned_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "cursors" (
	"mailbox" text PRIMARY KEY NOT NULL,
	"uid_validity" bigint NOT NULL,
	"last_uid" bigint NOT NULL
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
	"source" "bytea",
	"media_type" text DEFAULT 'message/rfc822' NOT NULL,
	"readmitted_by" text,
	"readmitted_at" timestamp with time zone,
	CONSTRAINT "mails_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "outages" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"target_kind" text DEFAULT 'device' NOT NULL,
	"device" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"created_by" text NOT NULL,
	"source" text,
	"uid" text,
	"ended_by" text,
	"ended_handled_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "page_notices" (
	"id" text PRIMARY KEY NOT NULL,
	"page_id" text NOT NULL,
	"round" integer NOT NULL,
	"step" integer NOT NULL,
	"recipient" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"delivery_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pages" (
	"id" text PRIMARY KEY NOT NULL,
	"ticket_id" bigint NOT NULL,
	"policy" text NOT NULL,
	"state" text NOT NULL,
	"round" integer NOT NULL,
	"step" integer NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"page_end" jsonb
);
--> statement-breakpoint
CREATE TABLE "paging_switches" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"device" text NOT NULL,
	"failure" text,
	"off_until" timestamp with time zone,
	"switched_by" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recoveries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"mail_id" bigint NOT NULL,
	"device" text NOT NULL,
	"failure" text,
	"package" text,
	"job" text,
	"at" timestamp with time zone NOT NULL,
	"outcome" text
);
--> statement-breakpoint
CREATE TABLE "commands" (
	"id" text PRIMARY KEY NOT NULL,
	"redistribution_id" text NOT NULL,
	"ordinal" integer NOT NULL,
	"command" json NOT NULL,
	"recipients" integer NOT NULL,
	"selected" boolean DEFAULT true NOT NULL,
	"rebuilt" json,
	"changed_by" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"changed_at" timestamp with time zone,
	"state" text NOT NULL,
	"exit_code" integer,
	"output" text DEFAULT '' NOT NULL,
	"results" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"note" text,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"seen_on_server" boolean DEFAULT false NOT NULL,
	"look_at" timestamp with time zone,
	"pruned" boolean DEFAULT false NOT NULL
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
CREATE TABLE "redistributions" (
	"id" text PRIMARY KEY NOT NULL,
	"server" text NOT NULL,
	"recipients" jsonb,
	"job" text,
	"period_from" timestamp with time zone NOT NULL,
	"period_until" timestamp with time zone NOT NULL,
	"period_text" text NOT NULL,
	"time_zone" text NOT NULL,
	"channel" text NOT NULL,
	"requested_by" jsonb NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"digest" text,
	"plan" jsonb,
	"decided_by" jsonb,
	"decided_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"unmatched" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"superseded" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"unread" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"note" text,
	"stopped_by" jsonb,
	"unreachable_since" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "servicings" (
	"server" text NOT NULL,
	"slot" timestamp with time zone NOT NULL,
	CONSTRAINT "servicings_server_slot_pk" PRIMARY KEY("server","slot")
);
--> statement-breakpoint
CREATE TABLE "report_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"plan" text,
	"slot" timestamp with time zone,
	"region" text,
	"period_from" timestamp with time zone NOT NULL,
	"period_until" timestamp with time zone NOT NULL,
	"period_text" text NOT NULL,
	"time_zone" text NOT NULL,
	"channel" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "server_locks" (
	"server" text PRIMARY KEY NOT NULL,
	"redistribution_id" text NOT NULL,
	"owner" jsonb NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "kept_devices" (
	"key" text PRIMARY KEY NOT NULL,
	"devices" jsonb NOT NULL,
	"kept_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"name" text PRIMARY KEY NOT NULL,
	"fault" text,
	"since" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "threshold_overrides" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"rule" jsonb NOT NULL,
	"set_by" text NOT NULL,
	"set_at" timestamp with time zone NOT NULL,
	"replaced_by" bigint,
	"undone_by" text,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "threshold_version" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"version" integer NOT NULL
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
	"said_address" text,
	"diagnosis" jsonb,
	"location" jsonb,
	"channel" text,
	"acknowledged_by" text,
	"acknowledged_at" timestamp with time zone,
	"repaired_by" text,
	"repaired_at" timestamp with time zone,
	"looks" integer DEFAULT 0 NOT NULL,
	"look_at" timestamp with time zone,
	"opened_at" timestamp with time zone,
	"assigned_to" text,
	"snoozed_until" timestamp with time zone,
	"resolved_by" text,
	"resolved_at" timestamp with time zone,
	"queue" jsonb,
	"post_at" timestamp with time zone,
	"combined_into" bigint,
	"check_at" timestamp with time zone,
	"told" jsonb,
	"after_outage" jsonb,
	"counts_from" timestamp with time zone,
	"joined_into" bigint,
	"upstream" text
);
--> statement-breakpoint
CREATE TABLE "recovery_offers" (
	"id" text PRIMARY KEY NOT NULL,
	"server" text NOT NULL,
	"devices" jsonb NOT NULL,
	"recipients" jsonb,
	"failed_from" timestamp with time zone NOT NULL,
	"channel" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"taken_by" jsonb,
	"taken_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "watches" (
	"target" text PRIMARY KEY NOT NULL,
	"link" boolean DEFAULT false NOT NULL,
	"watched_since" timestamp with time zone NOT NULL,
	"down_since" timestamp with time zone,
	"up_since" timestamp with time zone,
	"relapses" integer DEFAULT 0 NOT NULL,
	"look_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_outage_id_outages_id_fk" FOREIGN KEY ("outage_id") REFERENCES "public"."outages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_redistribution_id_redistributions_id_fk" FOREIGN KEY ("redistribution_id") REFERENCES "public"."redistributions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dry_runs" ADD CONSTRAINT "dry_runs_redistribution_id_redistributions_id_fk" FOREIGN KEY ("redistribution_id") REFERENCES "public"."redistributions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dry_runs" ADD CONSTRAINT "dry_runs_command_id_commands_id_fk" FOREIGN KEY ("command_id") REFERENCES "public"."commands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "page_notices" ADD CONSTRAINT "page_notices_page_id_pages_id_fk" FOREIGN KEY ("page_id") REFERENCES "public"."pages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pages" ADD CONSTRAINT "pages_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recoveries" ADD CONSTRAINT "recoveries_mail_id_mails_id_fk" FOREIGN KEY ("mail_id") REFERENCES "public"."mails"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "commands" ADD CONSTRAINT "commands_redistribution_id_redistributions_id_fk" FOREIGN KEY ("redistribution_id") REFERENCES "public"."redistributions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger" ADD CONSTRAINT "ledger_command_id_commands_id_fk" FOREIGN KEY ("command_id") REFERENCES "public"."commands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_facts" ADD CONSTRAINT "ticket_facts_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_of_mail" ON "alerts" USING btree ("mail_id","ordinal");--> statement-breakpoint
CREATE INDEX "alerts_counted" ON "alerts" USING btree ("counter","at") WHERE "alerts"."state" = 'counted';--> statement-breakpoint
CREATE INDEX "alerts_ticket" ON "alerts" USING btree ("ticket_id","state") WHERE "alerts"."ticket_id" is not null;--> statement-breakpoint
CREATE INDEX "alerts_outage" ON "alerts" USING btree ("outage_id","outage_device") WHERE "alerts"."outage_id" is not null;--> statement-breakpoint
CREATE INDEX "alerts_upstream_root" ON "alerts" USING btree ("upstream_root","at","device_name") WHERE "alerts"."upstream_root" is not null and "alerts"."state" in ('counted', 'held', 'ticketed');--> statement-breakpoint
CREATE INDEX "alerts_own_root" ON "alerts" USING btree ("own_root","at") WHERE "alerts"."own_root" is not null;--> statement-breakpoint
CREATE INDEX "alerts_at" ON "alerts" USING brin ("at");--> statement-breakpoint
CREATE INDEX "alerts_device" ON "alerts" USING btree ("device_name","failure");--> statement-breakpoint
CREATE INDEX "approvals_redistribution" ON "approvals" USING btree ("redistribution_id");--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_once" ON "approvals" USING btree ("redistribution_id","user_id") WHERE voided is null;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_subject" ON "deliveries" USING btree ("kind","subject_id") WHERE "deliveries"."kind" <> 'note';--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("channel","sequence") WHERE "deliveries"."state" in ('pending', 'claimed');--> statement-breakpoint
CREATE INDEX "deliveries_holding_up" ON "deliveries" USING btree ("channel","sequence") WHERE "deliveries"."state" = 'pending' and "deliveries"."ts" is null and "deliveries"."last_error" is not null and "deliveries"."attempts" < 2;--> statement-breakpoint
CREATE INDEX "dry_runs_redistribution" ON "dry_runs" USING btree ("redistribution_id","ended_at");--> statement-breakpoint
CREATE INDEX "failed_jobs_open" ON "failed_jobs" USING btree ("server","failed_at") WHERE "failed_jobs"."cleared_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "incidents_one_open" ON "incidents" USING btree ("intake") WHERE "incidents"."recovered_at" is null;--> statement-breakpoint
CREATE INDEX "mails_state" ON "mails" USING btree ("state","received_at");--> statement-breakpoint
CREATE INDEX "mails_kept" ON "mails" USING btree ("received_at") WHERE "mails"."source" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "outages_of_source" ON "outages" USING btree ("source","uid") WHERE "outages"."source" is not null;--> statement-breakpoint
CREATE INDEX "outages_until" ON "outages" USING btree ("ends_at");--> statement-breakpoint
CREATE INDEX "outages_to_end" ON "outages" USING btree ("ends_at") WHERE "outages"."ended_handled_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "page_notices_once" ON "page_notices" USING btree ("page_id","round","step","recipient");--> statement-breakpoint
CREATE UNIQUE INDEX "pages_one_open" ON "pages" USING btree ("ticket_id") WHERE "pages"."state" <> 'ended';--> statement-breakpoint
CREATE INDEX "pages_due" ON "pages" USING btree ("due_at") WHERE "pages"."state" = 'running';--> statement-breakpoint
CREATE UNIQUE INDEX "paging_switches_one" ON "paging_switches" USING btree ("device",coalesce("failure", ''));--> statement-breakpoint
CREATE INDEX "recoveries_new" ON "recoveries" USING btree ("device","at") WHERE "recoveries"."outcome" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "commands_order" ON "commands" USING btree ("redistribution_id","ordinal");--> statement-breakpoint
CREATE INDEX "ledger_command" ON "ledger" USING btree ("command_id");--> statement-breakpoint
CREATE INDEX "redistributions_server" ON "redistributions" USING btree ("server","state");--> statement-breakpoint
CREATE UNIQUE INDEX "report_runs_slot" ON "report_runs" USING btree ("plan","slot");--> statement-breakpoint
CREATE UNIQUE INDEX "threshold_overrides_in_force" ON "threshold_overrides" USING btree ("key") WHERE "threshold_overrides"."replaced_by" is null and "threshold_overrides"."undone_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_one_live" ON "tickets" USING btree ("counter") WHERE "tickets"."state" in ('candidate', 'held', 'open', 'acknowledged', 'repaired');--> statement-breakpoint
CREATE INDEX "tickets_state" ON "tickets" USING btree ("state");--> statement-breakpoint
CREATE INDEX "tickets_opened" ON "tickets" USING btree ("opened_at") WHERE "tickets"."opened_at" is not null;--> statement-breakpoint
CREATE INDEX "tickets_resolved" ON "tickets" USING btree ("resolved_at") WHERE "tickets"."resolved_at" is not null;--> statement-breakpoint
CREATE INDEX "tickets_combined" ON "tickets" USING btree ("combined_into") WHERE "tickets"."combined_into" is not null;--> statement-breakpoint
CREATE INDEX "tickets_digest" ON "tickets" USING btree ("channel","post_at") WHERE "tickets"."post_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "recovery_offers_open" ON "recovery_offers" USING btree ("server") WHERE "recovery_offers"."taken_at" is null;--> statement-breakpoint
CREATE INDEX "watches_due" ON "watches" USING btree ("look_at");
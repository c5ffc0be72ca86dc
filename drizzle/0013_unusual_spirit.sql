CREATE TABLE "ticket_symptoms" (
	"ticket_id" bigint NOT NULL,
	"key" text NOT NULL,
	"device" text NOT NULL,
	"recipient" text,
	"failure" text NOT NULL,
	"package" text,
	"job" text,
	"service" text,
	"series" text,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"longest_gap_ms" double precision NOT NULL,
	"occurrences" integer NOT NULL,
	"state" text NOT NULL,
	"evidence" text,
	"evidence_at" timestamp with time zone,
	"evidence_origin" text,
	CONSTRAINT "ticket_symptoms_ticket_id_key_pk" PRIMARY KEY("ticket_id","key")
);
--> statement-breakpoint
ALTER TABLE "recoveries" ALTER COLUMN "mail_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "recoveries" ALTER COLUMN "device" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "recoveries" ADD COLUMN "kind" text DEFAULT 'word' NOT NULL;--> statement-breakpoint
ALTER TABLE "recoveries" ADD COLUMN "origin" text;--> statement-breakpoint
ALTER TABLE "recoveries" ADD COLUMN "ticket_id" bigint;--> statement-breakpoint
ALTER TABLE "recoveries" ADD COLUMN "recipient" text;--> statement-breakpoint
ALTER TABLE "recoveries" ADD COLUMN "service" text;--> statement-breakpoint
ALTER TABLE "recoveries" ADD COLUMN "series" text;--> statement-breakpoint
ALTER TABLE "ticket_symptoms" ADD CONSTRAINT "ticket_symptoms_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recoveries" ADD CONSTRAINT "recoveries_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "recoveries_device" ON "recoveries" USING btree ("device","at");--> statement-breakpoint
CREATE INDEX "recoveries_ticket" ON "recoveries" USING btree ("ticket_id") WHERE "recoveries"."ticket_id" is not null;
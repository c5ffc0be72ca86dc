ALTER TABLE "alerts" ADD COLUMN "service" text;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "series" text;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "occurrence" text;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "seen_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "alerts_occurrence" ON "alerts" USING btree ("occurrence") WHERE "alerts"."occurrence" is not null;
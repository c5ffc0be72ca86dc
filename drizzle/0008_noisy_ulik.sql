CREATE TABLE "dismissals" (
	"id" text PRIMARY KEY NOT NULL,
	"scope" jsonb NOT NULL,
	"by" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "failed_jobs" ADD COLUMN "dismissal_id" text;--> statement-breakpoint
CREATE INDEX "failed_jobs_dismissed" ON "failed_jobs" USING btree ("dismissal_id") WHERE "failed_jobs"."dismissal_id" is not null;
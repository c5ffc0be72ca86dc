CREATE TABLE "freezes" (
	"id" text PRIMARY KEY NOT NULL,
	"scope" jsonb NOT NULL,
	"reason" text NOT NULL,
	"by" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone,
	"lifted_by" jsonb,
	"lifted_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "approvals" ADD COLUMN "exception" text;
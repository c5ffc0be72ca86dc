ALTER TABLE "dry_runs" ADD COLUMN "run_folder" text;--> statement-breakpoint
ALTER TABLE "commands" ADD COLUMN "run_folder" text;
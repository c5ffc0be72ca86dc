DROP INDEX "deliveries_due";--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "post_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "given_up_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "look_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "failure" text;--> statement-breakpoint
CREATE INDEX "deliveries_given_up" ON "deliveries" USING btree ("channel") WHERE "deliveries"."state" = 'failed';--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("channel","sequence") WHERE "deliveries"."state" in ('pending', 'claimed') or "deliveries"."look_at" is not null;--> statement-breakpoint
UPDATE "deliveries" SET "given_up_at" = "claimed_at", "post_since" = "created_at" - interval '10 minutes' WHERE "claimed_at" IS NOT NULL;--> statement-breakpoint
UPDATE "deliveries" SET "claimed_at" = NULL WHERE "state" <> 'claimed';

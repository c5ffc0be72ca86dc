ALTER TABLE "tickets" ADD COLUMN "flapping" jsonb;--> statement-breakpoint
CREATE INDEX "tickets_counter" ON "tickets" USING btree ("counter");
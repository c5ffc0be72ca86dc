CREATE TABLE "alert_scopes" (
	"mail_id" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"counter" text NOT NULL,
	"rule_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "alert_scopes_mail_id_ordinal_counter_pk" PRIMARY KEY("mail_id","ordinal","counter")
);
--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "met_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "elsewhere" jsonb;--> statement-breakpoint
CREATE INDEX "alert_scopes_counted" ON "alert_scopes" USING btree ("counter","at");
--> statement-breakpoint
INSERT INTO "alert_scopes" ("mail_id", "ordinal", "counter", "rule_id", "at")
SELECT "mail_id", "ordinal", "counter", "rule_id", "at" FROM "alerts"
WHERE "state" IN ('counted', 'held', 'ticketed') AND split_part("counter", '|', 2) !~ '^device:';
--> statement-breakpoint
UPDATE "threshold_overrides" SET "key" = left("key", -1) || ',"' || ("rule"->>'over') || '"]'
WHERE "key" LIKE '[%]' AND jsonb_array_length("key"::jsonb) = 7;

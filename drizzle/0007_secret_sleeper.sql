CREATE TABLE "log_watches" (
	"server" text PRIMARY KEY NOT NULL,
	"read_until" timestamp with time zone,
	"misses" integer DEFAULT 0 NOT NULL,
	"look_at" timestamp with time zone NOT NULL
);

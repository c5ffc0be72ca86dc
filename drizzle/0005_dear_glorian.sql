CREATE TABLE "server_clocks" (
	"server" text NOT NULL,
	"measured_at" timestamp with time zone NOT NULL,
	"offset_ms" double precision NOT NULL,
	"uncertainty_ms" double precision NOT NULL,
	CONSTRAINT "server_clocks_server_measured_at_pk" PRIMARY KEY("server","measured_at")
);
--> statement-breakpoint
ALTER TABLE "redistributions" ADD COLUMN "warnings" jsonb DEFAULT '[]'::jsonb NOT NULL;
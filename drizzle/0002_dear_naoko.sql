CREATE TABLE "readings" (
	"intake" text PRIMARY KEY NOT NULL,
	"reader" text NOT NULL,
	"since" timestamp with time zone NOT NULL
);

BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE answers (
	round_id VARCHAR(120) NOT NULL, 
	group_number INTEGER NOT NULL, 
	who VARCHAR(320) NOT NULL, 
	response VARCHAR(30) NOT NULL, 
	answered_at DATETIME, 
	proposed_start DATETIME, 
	read_at DATETIME NOT NULL, 
	CONSTRAINT pk_answers PRIMARY KEY (round_id, group_number, who), 
	CONSTRAINT fk_answers_round_id_rounds FOREIGN KEY(round_id) REFERENCES rounds (id)
);
INSERT INTO "answers" VALUES('round_id-0/2026-12-07',1,'who-0 Łukasz','response-0 Łukasz','2026-12-07 11:11:00.000000','2026-12-07 11:14:00.000000','2026-12-07 11:07:00.000000');
INSERT INTO "answers" VALUES('round_id-1/2026-12-07',2,'who-1 Łukasz','response-1 Łukasz','2026-12-08 11:11:00.000000','2026-12-08 11:14:00.000000','2026-12-08 11:07:00.000000');
INSERT INTO "answers" VALUES('round_id-2/2026-12-07',3,'who-2 Łukasz','response-2 Łukasz',NULL,NULL,'2026-12-09 11:07:00.000000');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR(200) NOT NULL, 
	what VARCHAR(100) NOT NULL, 
	round_id VARCHAR(120), 
	details JSON NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,'2026-12-07 11:02:00.000000','by-0 Łukasz','what-0 Łukasz','round_id-0/2026-12-07','{"about": [0, "Zo\u00eb", null]}');
INSERT INTO "audit" VALUES(2,'2026-12-08 11:02:00.000000','by-1 Łukasz','what-1 Łukasz','round_id-1/2026-12-07','{"about": [1, "Zo\u00eb", null]}');
INSERT INTO "audit" VALUES(3,'2026-12-09 11:02:00.000000','by-2 Łukasz','what-2 Łukasz',NULL,'{"about": [2, "Zo\u00eb", null]}');
CREATE TABLE bookings (
	round_id VARCHAR(120) NOT NULL, 
	group_number INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	transaction_id VARCHAR(36) NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	organiser VARCHAR(320) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	event_id VARCHAR(500), 
	ical_uid VARCHAR(500), 
	join_url TEXT, 
	web_link TEXT, 
	agenda_attached BOOLEAN NOT NULL, 
	problem VARCHAR(500), 
	intended_at DATETIME NOT NULL, 
	done_at DATETIME, 
	CONSTRAINT pk_bookings PRIMARY KEY (round_id, group_number), 
	CONSTRAINT fk_bookings_round_id_rounds FOREIGN KEY(round_id) REFERENCES rounds (id), 
	CONSTRAINT uq_bookings_transaction_id UNIQUE (transaction_id)
);
INSERT INTO "bookings" VALUES('round_id-0/2026-12-07',1,1,'transaction_id-0 Łukasz','fingerprint-0 Łukasz','organiser-0 Łukasz','state-0 Łukasz','event_id-0 Łukasz','ical_uid-0 Łukasz','join_url-0 Łukasz','web_link-0 Łukasz',1,'problem-0 Łukasz','2026-12-07 11:11:00.000000','2026-12-07 11:07:00.000000');
INSERT INTO "bookings" VALUES('round_id-1/2026-12-07',2,2,'transaction_id-1 Łukasz','fingerprint-1 Łukasz','organiser-1 Łukasz','state-1 Łukasz','event_id-1 Łukasz','ical_uid-1 Łukasz','join_url-1 Łukasz','web_link-1 Łukasz',0,'problem-1 Łukasz','2026-12-08 11:11:00.000000','2026-12-08 11:07:00.000000');
INSERT INTO "bookings" VALUES('round_id-2/2026-12-07',3,3,'transaction_id-2 Łukasz','fingerprint-2 Łukasz','organiser-2 Łukasz','state-2 Łukasz',NULL,NULL,NULL,NULL,1,NULL,'2026-12-09 11:11:00.000000',NULL);
CREATE TABLE calendar_links (
	round_id VARCHAR(120) NOT NULL, 
	mailbox VARCHAR(320) NOT NULL, 
	delta_link TEXT NOT NULL, 
	read_at DATETIME NOT NULL, 
	CONSTRAINT pk_calendar_links PRIMARY KEY (round_id, mailbox), 
	CONSTRAINT fk_calendar_links_round_id_rounds FOREIGN KEY(round_id) REFERENCES rounds (id)
);
INSERT INTO "calendar_links" VALUES('round_id-0/2026-12-07','mailbox-0 Łukasz','delta_link-0 Łukasz','2026-12-07 11:07:00.000000');
INSERT INTO "calendar_links" VALUES('round_id-1/2026-12-07','mailbox-1 Łukasz','delta_link-1 Łukasz','2026-12-08 11:07:00.000000');
INSERT INTO "calendar_links" VALUES('round_id-2/2026-12-07','mailbox-2 Łukasz','delta_link-2 Łukasz','2026-12-09 11:07:00.000000');
CREATE TABLE channels (
	name VARCHAR(300) NOT NULL, 
	conversation_id VARCHAR(500) NOT NULL, 
	learned_at DATETIME NOT NULL, 
	CONSTRAINT pk_channels PRIMARY KEY (name)
);
INSERT INTO "channels" VALUES('name-0 Łukasz','conversation_id-0 Łukasz','2026-12-07 11:10:00.000000');
INSERT INTO "channels" VALUES('name-1 Łukasz','conversation_id-1 Łukasz','2026-12-08 11:10:00.000000');
INSERT INTO "channels" VALUES('name-2 Łukasz','conversation_id-2 Łukasz','2026-12-09 11:10:00.000000');
CREATE TABLE choice_changes (
	id INTEGER NOT NULL, 
	person_id VARCHAR(100) NOT NULL, 
	kind VARCHAR(50) NOT NULL, 
	about VARCHAR(200) NOT NULL, 
	value JSON, 
	changed_at DATETIME NOT NULL, 
	changed_by VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_choice_changes PRIMARY KEY (id)
);
INSERT INTO "choice_changes" VALUES(1,'person_id-0 Łukasz','kind-0 Łukasz','about-0 Łukasz','{"about": [0, "Zo\u00eb", null]}','2026-12-07 11:10:00.000000','changed_by-0 Łukasz');
INSERT INTO "choice_changes" VALUES(2,'person_id-1 Łukasz','kind-1 Łukasz','about-1 Łukasz','{"about": [1, "Zo\u00eb", null]}','2026-12-08 11:10:00.000000','changed_by-1 Łukasz');
INSERT INTO "choice_changes" VALUES(3,'person_id-2 Łukasz','kind-2 Łukasz','about-2 Łukasz','null','2026-12-09 11:10:00.000000','changed_by-2 Łukasz');
CREATE TABLE choices (
	person_id VARCHAR(100) NOT NULL, 
	kind VARCHAR(50) NOT NULL, 
	about VARCHAR(200) NOT NULL, 
	value JSON NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_choices PRIMARY KEY (person_id, kind, about)
);
INSERT INTO "choices" VALUES('person_id-0 Łukasz','kind-0 Łukasz','about-0 Łukasz','{"about": [0, "Zo\u00eb", null]}','2026-12-07 11:10:00.000000','changed_by-0 Łukasz');
INSERT INTO "choices" VALUES('person_id-1 Łukasz','kind-1 Łukasz','about-1 Łukasz','{"about": [1, "Zo\u00eb", null]}','2026-12-08 11:10:00.000000','changed_by-1 Łukasz');
INSERT INTO "choices" VALUES('person_id-2 Łukasz','kind-2 Łukasz','about-2 Łukasz','{"about": [2, "Zo\u00eb", null]}','2026-12-09 11:10:00.000000','changed_by-2 Łukasz');
CREATE TABLE deliveries (
	round_id VARCHAR(120) NOT NULL, 
	group_number INTEGER NOT NULL, 
	person_id VARCHAR(100) NOT NULL, 
	kind VARCHAR(50) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	reference TEXT, 
	tries INTEGER NOT NULL, 
	problem VARCHAR(500), 
	intended_at DATETIME NOT NULL, 
	done_at DATETIME, shown VARCHAR(64), 
	CONSTRAINT pk_deliveries PRIMARY KEY (round_id, group_number, person_id, kind), 
	CONSTRAINT fk_deliveries_round_id_rounds FOREIGN KEY(round_id) REFERENCES rounds (id)
);
INSERT INTO "deliveries" VALUES('round_id-0/2026-12-07',1,'person_id-0 Łukasz','kind-0 Łukasz','state-0 Łukasz','reference-0 Łukasz',1,'problem-0 Łukasz','2026-12-07 11:11:00.000000','2026-12-07 11:07:00.000000','shown-0 Łukasz');
INSERT INTO "deliveries" VALUES('round_id-1/2026-12-07',2,'person_id-1 Łukasz','kind-1 Łukasz','state-1 Łukasz','reference-1 Łukasz',2,'problem-1 Łukasz','2026-12-08 11:11:00.000000','2026-12-08 11:07:00.000000','shown-1 Łukasz');
INSERT INTO "deliveries" VALUES('round_id-2/2026-12-07',3,'person_id-2 Łukasz','kind-2 Łukasz','state-2 Łukasz',NULL,3,NULL,'2026-12-09 11:11:00.000000',NULL,NULL);
CREATE TABLE departments (
	name VARCHAR(300) NOT NULL, 
	first_seen DATE NOT NULL, 
	CONSTRAINT pk_departments PRIMARY KEY (name)
);
INSERT INTO "departments" VALUES('name-0 Łukasz','2026-12-07');
INSERT INTO "departments" VALUES('name-1 Łukasz','2026-12-08');
INSERT INTO "departments" VALUES('name-2 Łukasz','2026-12-09');
CREATE TABLE feedback (
	round_id VARCHAR(120) NOT NULL, 
	group_number INTEGER NOT NULL, 
	person_id VARCHAR(100) NOT NULL, 
	met VARCHAR(10) NOT NULL, 
	again VARCHAR(10), 
	said_at DATETIME NOT NULL, 
	CONSTRAINT pk_feedback PRIMARY KEY (round_id, group_number, person_id), 
	CONSTRAINT fk_feedback_round_id_rounds FOREIGN KEY(round_id) REFERENCES rounds (id)
);
INSERT INTO "feedback" VALUES('round_id-0/2026-12-07',1,'person_id-0 Łukasz','met-0 Łuka','again-0 Łu','2026-12-07 11:07:00.000000');
INSERT INTO "feedback" VALUES('round_id-1/2026-12-07',2,'person_id-1 Łukasz','met-1 Łuka','again-1 Łu','2026-12-08 11:07:00.000000');
INSERT INTO "feedback" VALUES('round_id-2/2026-12-07',3,'person_id-2 Łukasz','met-2 Łuka',NULL,'2026-12-09 11:07:00.000000');
CREATE TABLE meetings (
	round_id VARCHAR(120) NOT NULL, 
	group_number INTEGER NOT NULL, 
	person_id VARCHAR(100) NOT NULL, 
	programme VARCHAR(100) NOT NULL, 
	starts_at DATETIME NOT NULL, 
	met VARCHAR(10) NOT NULL, 
	CONSTRAINT pk_meetings PRIMARY KEY (round_id, group_number, person_id), 
	CONSTRAINT fk_meetings_round_id_rounds FOREIGN KEY(round_id) REFERENCES rounds (id)
);
INSERT INTO "meetings" VALUES('round_id-0/2026-12-07',1,'person_id-0 Łukasz','programme-0 Łukasz','2026-12-07 11:09:00.000000','met-0 Łuka');
INSERT INTO "meetings" VALUES('round_id-1/2026-12-07',2,'person_id-1 Łukasz','programme-1 Łukasz','2026-12-08 11:09:00.000000','met-1 Łuka');
INSERT INTO "meetings" VALUES('round_id-2/2026-12-07',3,'person_id-2 Łukasz','programme-2 Łukasz','2026-12-09 11:09:00.000000','met-2 Łuka');
CREATE TABLE notes (
	round_id VARCHAR(120) NOT NULL, 
	group_number INTEGER NOT NULL, 
	person_id VARCHAR(100) NOT NULL, 
	sealed TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	CONSTRAINT pk_notes PRIMARY KEY (round_id, group_number, person_id), 
	CONSTRAINT fk_notes_round_id_rounds FOREIGN KEY(round_id) REFERENCES rounds (id)
);
INSERT INTO "notes" VALUES('round_id-0/2026-12-07',1,'person_id-0 Łukasz','sealed-0 Łukasz','2026-12-07 11:10:00.000000');
INSERT INTO "notes" VALUES('round_id-1/2026-12-07',2,'person_id-1 Łukasz','sealed-1 Łukasz','2026-12-08 11:10:00.000000');
INSERT INTO "notes" VALUES('round_id-2/2026-12-07',3,'person_id-2 Łukasz','sealed-2 Łukasz','2026-12-09 11:10:00.000000');
CREATE TABLE notices (
	subject VARCHAR(120) NOT NULL, 
	person_id VARCHAR(100) NOT NULL, 
	kind VARCHAR(50) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	reference TEXT, 
	tries INTEGER NOT NULL, 
	problem VARCHAR(500), 
	intended_at DATETIME NOT NULL, 
	done_at DATETIME, 
	CONSTRAINT pk_notices PRIMARY KEY (subject, person_id, kind)
);
INSERT INTO "notices" VALUES('subject-0 Łukasz','person_id-0 Łukasz','kind-0 Łukasz','state-0 Łukasz','reference-0 Łukasz',1,'problem-0 Łukasz','2026-12-07 11:11:00.000000','2026-12-07 11:07:00.000000');
INSERT INTO "notices" VALUES('subject-1 Łukasz','person_id-1 Łukasz','kind-1 Łukasz','state-1 Łukasz','reference-1 Łukasz',2,'problem-1 Łukasz','2026-12-08 11:11:00.000000','2026-12-08 11:07:00.000000');
INSERT INTO "notices" VALUES('subject-2 Łukasz','person_id-2 Łukasz','kind-2 Łukasz','state-2 Łukasz',NULL,3,NULL,'2026-12-09 11:11:00.000000',NULL);
CREATE TABLE plans (
	round_id VARCHAR(120) NOT NULL, 
	revision INTEGER NOT NULL, 
	"plan" TEXT NOT NULL, 
	reason VARCHAR(200) NOT NULL, 
	made_at DATETIME NOT NULL, prices TEXT, 
	CONSTRAINT pk_plans PRIMARY KEY (round_id, revision), 
	CONSTRAINT fk_plans_round_id_rounds FOREIGN KEY(round_id) REFERENCES rounds (id)
);
INSERT INTO "plans" VALUES('round_id-0/2026-12-07',1,'{"round_id":"round_id-0/2026-12-07","groups":[{"number":1,"member_ids":["ann","bob"],"slot":{"start":"2026-12-07T11:00:00Z","minutes":60},"place":{"name":"Oak","kind":"room","seats":4,"tables":1,"office":"London","mail":"o@x"},"new_ties":3,"why":[],"zones":[],"turns":[],"facilitator":null,"fixed":false}],"left_out":[{"person_id":"fay","kind":"no slot","text":"Free in no lunch window."}],"roster_size":3,"placed":2,"placed_bound":2,"value":30,"value_bound":30,"bound_by":"matching","new_ties":1,"cross_department_ties":1,"repeats":0,"seed":7,"complete":true}','reason-0 Łukasz','2026-12-07 11:07:00.000000','prices-0 Łukasz');
INSERT INTO "plans" VALUES('round_id-1/2026-12-07',1,'{"round_id":"round_id-1/2026-12-07","groups":[{"number":1,"member_ids":["ann","bob"],"slot":{"start":"2026-12-07T11:00:00Z","minutes":60},"place":{"name":"Oak","kind":"room","seats":4,"tables":1,"office":"London","mail":"o@x"},"new_ties":3,"why":[],"zones":[],"turns":[],"facilitator":null,"fixed":false}],"left_out":[{"person_id":"fay","kind":"no slot","text":"Free in no lunch window."}],"roster_size":3,"placed":2,"placed_bound":2,"value":30,"value_bound":30,"bound_by":"matching","new_ties":1,"cross_department_ties":1,"repeats":0,"seed":7,"complete":true}','reason-1 Łukasz','2026-12-08 11:07:00.000000','prices-1 Łukasz');
INSERT INTO "plans" VALUES('round_id-2/2026-12-07',1,'{"round_id":"round_id-2/2026-12-07","groups":[{"number":1,"member_ids":["ann","bob"],"slot":{"start":"2026-12-07T11:00:00Z","minutes":60},"place":{"name":"Oak","kind":"room","seats":4,"tables":1,"office":"London","mail":"o@x"},"new_ties":3,"why":[],"zones":[],"turns":[],"facilitator":null,"fixed":false}],"left_out":[{"person_id":"fay","kind":"no slot","text":"Free in no lunch window."}],"roster_size":3,"placed":2,"placed_bound":2,"value":30,"value_bound":30,"bound_by":"matching","new_ties":1,"cross_department_ties":1,"repeats":0,"seed":7,"complete":true}','reason-2 Łukasz','2026-12-09 11:07:00.000000',NULL);
CREATE TABLE posts (
	id VARCHAR(36) NOT NULL, 
	programme VARCHAR(100) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	parent VARCHAR(36), 
	person_id VARCHAR(100), 
	text TEXT NOT NULL, 
	said_at DATETIME NOT NULL, 
	CONSTRAINT pk_posts PRIMARY KEY (id)
);
INSERT INTO "posts" VALUES('id-0 Łukasz','programme-0 Łukasz','kind-0 Łukasz','parent-0 Łukasz','person_id-0 Łukasz','text-0 Łukasz','2026-12-07 11:07:00.000000');
INSERT INTO "posts" VALUES('id-1 Łukasz','programme-1 Łukasz','kind-1 Łukasz','parent-1 Łukasz','person_id-1 Łukasz','text-1 Łukasz','2026-12-08 11:07:00.000000');
INSERT INTO "posts" VALUES('id-2 Łukasz','programme-2 Łukasz','kind-2 Łukasz',NULL,NULL,'text-2 Łukasz','2026-12-09 11:07:00.000000');
CREATE TABLE rounds (
	id VARCHAR(120) NOT NULL, 
	programme VARCHAR(100) NOT NULL, 
	date DATE NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	seed INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	cancel_message TEXT, 
	created_at DATETIME NOT NULL, 
	changed_at DATETIME NOT NULL, 
	changed_by VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_rounds PRIMARY KEY (id)
);
INSERT INTO "rounds" VALUES('round_id-0/2026-12-07','programme-0 Łukasz','2026-12-07','booked',1,1,'cancel_message-0 Łukasz','2026-12-07 11:10:00.000000','2026-12-07 11:10:00.000000','changed_by-0 Łukasz');
INSERT INTO "rounds" VALUES('round_id-1/2026-12-07','programme-1 Łukasz','2026-12-08','held',2,1,'cancel_message-1 Łukasz','2026-12-08 11:10:00.000000','2026-12-08 11:10:00.000000','changed_by-1 Łukasz');
INSERT INTO "rounds" VALUES('round_id-2/2026-12-07','programme-2 Łukasz','2026-12-09','closed',3,1,NULL,'2026-12-09 11:10:00.000000','2026-12-09 11:10:00.000000','changed_by-2 Łukasz');
CREATE TABLE seats (
	round_id VARCHAR(120) NOT NULL, 
	group_number INTEGER NOT NULL, 
	person_id VARCHAR(100) NOT NULL, 
	coming BOOLEAN NOT NULL, 
	said_at DATETIME NOT NULL, 
	CONSTRAINT pk_seats PRIMARY KEY (round_id, group_number, person_id), 
	CONSTRAINT fk_seats_round_id_rounds FOREIGN KEY(round_id) REFERENCES rounds (id)
);
INSERT INTO "seats" VALUES('round_id-0/2026-12-07',1,'person_id-0 Łukasz',1,'2026-12-07 11:07:00.000000');
INSERT INTO "seats" VALUES('round_id-1/2026-12-07',2,'person_id-1 Łukasz',0,'2026-12-08 11:07:00.000000');
INSERT INTO "seats" VALUES('round_id-2/2026-12-07',3,'person_id-2 Łukasz',1,'2026-12-09 11:07:00.000000');
CREATE TABLE thanks (
	round_id VARCHAR(120) NOT NULL, 
	group_number INTEGER NOT NULL, 
	from_id VARCHAR(100) NOT NULL, 
	to_id VARCHAR(100) NOT NULL, 
	sealed TEXT, 
	said_at DATETIME NOT NULL, 
	CONSTRAINT pk_thanks PRIMARY KEY (round_id, group_number, from_id, to_id), 
	CONSTRAINT fk_thanks_round_id_rounds FOREIGN KEY(round_id) REFERENCES rounds (id)
);
INSERT INTO "thanks" VALUES('round_id-0/2026-12-07',1,'from_id-0 Łukasz','to_id-0 Łukasz','sealed-0 Łukasz','2026-12-07 11:07:00.000000');
INSERT INTO "thanks" VALUES('round_id-1/2026-12-07',2,'from_id-1 Łukasz','to_id-1 Łukasz','sealed-1 Łukasz','2026-12-08 11:07:00.000000');
INSERT INTO "thanks" VALUES('round_id-2/2026-12-07',3,'from_id-2 Łukasz','to_id-2 Łukasz',NULL,'2026-12-09 11:07:00.000000');
CREATE TABLE unreachable (
	person_id VARCHAR(100) NOT NULL, 
	reason VARCHAR(500) NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_unreachable PRIMARY KEY (person_id)
);
INSERT INTO "unreachable" VALUES('person_id-0 Łukasz','reason-0 Łukasz','2026-12-07 11:05:00.000000');
INSERT INTO "unreachable" VALUES('person_id-1 Łukasz','reason-1 Łukasz','2026-12-08 11:05:00.000000');
INSERT INTO "unreachable" VALUES('person_id-2 Łukasz','reason-2 Łukasz','2026-12-09 11:05:00.000000');
CREATE INDEX ix_audit_round_id ON audit (round_id);
CREATE INDEX ix_choice_changes_person_id ON choice_changes (person_id);
CREATE INDEX ix_rounds_programme ON rounds (programme);
CREATE INDEX ix_meetings_person_id ON meetings (person_id);
CREATE INDEX ix_meetings_starts_at ON meetings (starts_at);
CREATE INDEX ix_posts_parent ON posts (parent);
CREATE INDEX ix_posts_programme ON posts (programme);
CREATE INDEX ix_notes_person_id ON notes (person_id);
COMMIT;

-- What the demo's gateway finds in its database: its role, three organizations with an API key each, users, instances.
-- The keys are those of deploy/demo/traffic.py.

CREATE EXTENSION pg_stat_statements;

INSERT INTO organizations (name) SELECT 'organization ' || n FROM generate_series(1, 3) n;
INSERT INTO users (organization_id, email) SELECT 1 + n % 3, n || '@example.com' FROM generate_series(1, 200) n;
INSERT INTO redis_instances (organization_id, name)
    SELECT organization, 'redis-' || n FROM generate_series(1, 3) organization, generate_series(1, 20) n;
INSERT INTO api_keys (organization_id, key_hash)
    SELECT n, sha256(convert_to('demo-' || project, 'UTF8'))
    FROM unnest(ARRAY['web', 'mobile', 'batch']) WITH ORDINALITY AS projects (project, n);

-- Sidelong's role, with what deploy/gateway-schema.sql says.
CREATE ROLE sidelong LOGIN;
GRANT pg_monitor TO sidelong;
GRANT SELECT (id) ON organizations, users TO sidelong;
GRANT SELECT (id, deleted_at) ON redis_instances TO sidelong;
GRANT SELECT (id, expires_at, revoked_at) ON api_keys TO sidelong;

CREATE ROLE gateway LOGIN;
GRANT SELECT ON organizations, users, redis_instances, api_keys TO gateway;
GRANT INSERT, UPDATE ON redis_instances TO gateway;

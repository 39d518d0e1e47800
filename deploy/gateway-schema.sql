-- A gateway's organisations, users, API keys and Redis instances: the schema that deploy/gateway-queries.yaml counts.
-- Enough to try the queries; a real gateway's tables have more columns.

CREATE TABLE organizations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organizations,
    email text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE redis_instances (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organizations,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    UNIQUE (organization_id, name)
);

CREATE TABLE api_keys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organizations,
    key_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);

-- Sidelong's role sees the counts and nothing else of the gateway:
--   CREATE ROLE sidelong LOGIN PASSWORD '…';
--   GRANT pg_monitor TO sidelong;
--   GRANT SELECT (id) ON organizations, users TO sidelong;
--   GRANT SELECT (id, deleted_at) ON redis_instances TO sidelong;
--   GRANT SELECT (id, expires_at, revoked_at) ON api_keys TO sidelong;

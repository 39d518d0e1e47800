import Foundation
import TestKit

/// The owner of the database `postgres`, no superuser, who would like to run code as the role that monitors it.
struct HostileOwner {
    let server: PostgresServer
    /// What every shadow writes to the server's log when it is called, with its name and for whom.
    static let marker = "SHADOW"

    /// Gives the database to the owner, with `pg_stat_statements` in a schema of the owner's.
    init(on server: PostgresServer) throws {
        self.server = server
        try server.sql(
            """
            CREATE ROLE owner LOGIN;
            ALTER DATABASE postgres OWNER TO owner;
            CREATE SCHEMA stats AUTHORIZATION owner;
            GRANT USAGE ON SCHEMA stats TO PUBLIC;
            CREATE EXTENSION pg_stat_statements SCHEMA stats
            """)
    }

    /// Creates, as the owner, a namesake in `public` for every function, operator, relation and type of the server's
    /// catalog whose name is one of the words, in all its signatures and in some that fit a call better.
    ///
    /// - Returns: how many there are.
    func shadow(words: Set<String>, operators: Set<String>) throws -> Int {
        let list = words.union(["pg_stat_statements"]).sorted().map { "'\($0)'" }.joined(separator: ",")
        let symbols = operators.sorted().map { "'\($0)'" }.joined(separator: ",")
        return Int(
            try server.sql(
                """
                SET SESSION AUTHORIZATION owner;
                CREATE FUNCTION public.shadow(which text) RETURNS boolean LANGUAGE plpgsql
                    AS 'BEGIN RAISE LOG ''\(Self.marker) % for %.'', which, current_user; RETURN true; END';
                CREATE TABLE public.shadows (name text);
                DO $do$
                DECLARE it record; variant text; body text;
                BEGIN
                    FOR it IN SELECT p.proname::text AS name, oidvectortypes(p.proargtypes) AS arguments, p.proretset,
                            CASE WHEN t.typtype = 'p' THEN 'text' ELSE format_type(t.oid, NULL) END AS result
                        FROM pg_proc AS p JOIN pg_type AS t ON t.oid = p.prorettype
                        WHERE p.pronamespace IN ('pg_catalog'::regnamespace, 'stats'::regnamespace)
                            AND p.proname = ANY (ARRAY[\(list)])
                    LOOP
                        body := format('BEGIN PERFORM public.shadow(%L); RETURN%s; END', 'function ' || it.name,
                            CASE WHEN it.proretset THEN '' ELSE ' NULL' END);
                        FOREACH variant IN ARRAY ARRAY[it.arguments, replace(it.arguments, 'name', 'text'),
                            replace(it.arguments, 'text', 'name'), replace(it.arguments, 'pg_lsn', 'text'),
                            regexp_replace(it.arguments, 'pg_lsn$', 'text'), replace(it.arguments, 'oid', 'text'),
                            replace(it.arguments, 'oid', 'integer'), replace(it.arguments, 'bigint', 'integer')]
                        LOOP
                            BEGIN
                                EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS %s %s LANGUAGE plpgsql AS %L',
                                    it.name, variant, CASE WHEN it.proretset THEN 'SETOF' ELSE '' END, it.result, body);
                                INSERT INTO public.shadows VALUES ('function ' || it.name);
                            EXCEPTION WHEN OTHERS THEN NULL;
                            END;
                        END LOOP;
                    END LOOP;
                    FOR it IN SELECT c.relname::text AS name FROM pg_class AS c
                        WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relname = ANY (ARRAY[\(list)])
                            AND c.relkind IN ('r', 'v')
                    LOOP
                        EXECUTE format('CREATE VIEW public.%I AS SELECT c.* FROM pg_catalog.%I AS c
                            WHERE public.shadow(%L)', it.name, it.name, 'relation ' || it.name);
                        EXECUTE format('GRANT SELECT ON public.%I TO PUBLIC', it.name);
                        INSERT INTO public.shadows VALUES ('relation ' || it.name);
                    END LOOP;
                    FOR it IN SELECT t.typname::text AS name FROM pg_type AS t
                        WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typname = ANY (ARRAY[\(list)])
                            AND t.typtype = 'b' AND t.typrelid = 0
                    LOOP
                        EXECUTE format('CREATE DOMAIN public.%I AS pg_catalog.%I CHECK (public.shadow(%L))',
                            it.name, it.name, 'type ' || it.name);
                        INSERT INTO public.shadows VALUES ('type ' || it.name);
                    END LOOP;
                    FOR it IN SELECT o.oprname::text AS name, format_type(o.oprleft, NULL) AS left_type,
                            format_type(o.oprright, NULL) AS right_type, format_type(o.oprresult, NULL) AS result, o.oid
                        FROM pg_operator AS o WHERE o.oprname = ANY (ARRAY[\(symbols)]) AND o.oprleft <> 0
                    LOOP
                        BEGIN
                            body := format('BEGIN PERFORM public.shadow(%L); RETURN NULL; END', 'operator ' || it.name);
                            EXECUTE format('CREATE FUNCTION public.operator_%s(%s, %s) RETURNS %s LANGUAGE plpgsql AS %L',
                                it.oid, it.left_type, it.right_type, it.result, body);
                            EXECUTE format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = operator_%s)',
                                it.name, it.left_type, it.right_type, it.oid);
                            INSERT INTO public.shadows VALUES ('operator ' || it.name);
                        EXCEPTION WHEN OTHERS THEN NULL;
                        END;
                    END LOOP;
                END $do$;
                CREATE FUNCTION stats.pg_stat_statements(text) RETURNS SETOF text LANGUAGE plpgsql
                    AS 'BEGIN PERFORM public.shadow(''overload''); END';
                SELECT count(*) FROM public.shadows
                """)) ?? 0
    }

    /// Lets names be looked up in `public` first, for everybody in the database.
    func turnThePath() throws {
        try server.sql(
            """
            SET SESSION AUTHORIZATION owner; ALTER DATABASE postgres SET search_path = public, stats, pg_catalog
            """)
    }

    /// The shadows that were called for a role, as the server's log has them.
    func called(for role: String) -> Set<String> {
        var called: Set<String> = []
        for line in server.log.split(separator: "\n") {
            guard let start = line.range(of: "\(Self.marker) ")?.upperBound, line.hasSuffix(" for \(role).") else {
                continue
            }
            called.insert(String(line[start...].dropLast(" for \(role).".count)))
        }
        return called
    }
}

extension PostgresServer {
    /// The texts that a role has sent in the extended protocol, as a server with `log_statement=all` logs them.
    func statements(of process: String) -> [String] {
        var texts: [String] = []
        var isInside = false
        for line in log.split(separator: "\n", omittingEmptySubsequences: false) {
            if let start = line.range(of: "LOG:  execute <unnamed>: ")?.upperBound, line.hasPrefix(process) {
                texts.append(String(line[start...]))
                isInside = true
            } else if isInside, line.hasPrefix("\t") {
                texts[texts.count - 1] += "\n\(line.dropFirst())"
            } else {
                isInside = false
            }
        }
        return texts
    }
}

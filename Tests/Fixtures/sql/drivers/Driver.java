// JDBC: a statement is prepared by name at its fifth use, batches are pipelines, rows come in portions within a transaction.

import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.postgresql.PGConnection;

public class Driver {
    static final Map<String, Integer> executed = new TreeMap<>();
    static final Map<String, Integer> errors = new TreeMap<>();
    static final List<String> times = new ArrayList<>();
    static final String[] TIMED = {
        "SELECT n, pg_sleep(?) FROM timed", "UPDATE timed SET n = n + 1 FROM pg_sleep(?) s",
        "INSERT INTO timed SELECT 7 FROM pg_sleep(?) s", "DELETE FROM timed USING pg_sleep(?) s WHERE n = 7",
    };
    static final double[] DELAYS = {0.0035, 0.016, 0.05};
    static final String INSERT = "INSERT INTO events_2026_11 (id, note) VALUES (?, ?)";

    static void did(String kind, int count) { executed.merge(kind, count, Integer::sum); }

    static void failed(String kind, SQLException error) { errors.merge(kind + " " + error.getSQLState(), 1, Integer::sum); }

    static String json(Map<String, Integer> counts) {
        List<String> pairs = new ArrayList<>();
        counts.forEach((name, count) -> pairs.add("\"" + name + "\": " + count));
        return "{" + String.join(", ", pairs) + "}";
    }

    public static void main(String[] arguments) throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:" + arguments[0] + "/" + arguments[1] + "?user=postgres&sslmode=disable";
        int committed = 0, rolledBack = 0, skipped = 0;
        try (Connection connection = DriverManager.getConnection(url)) {
            try (PreparedStatement read = connection.prepareStatement("SELECT balance FROM accounts WHERE id = ?")) {
                for (int number = 0; number < 12; number++) {
                    read.setInt(1, number);
                    read.executeQuery().close();
                    did("select", 1);
                }
            }
            // The virtual machine compiles what it runs often; what it does not is slow.
            try (PreparedStatement read = connection.prepareStatement("SELECT id, pg_sleep(?) FROM accounts WHERE id = 1")) {
                for (int number = 0; number < 30; number++) {
                    read.setDouble(1, 0);
                    read.execute();
                    did("select", 1);
                }
            }
            for (String text : TIMED) {
                try (PreparedStatement timed = connection.prepareStatement(text)) {
                    for (double delay : DELAYS) {
                        timed.setDouble(1, delay);
                        long started = System.nanoTime();
                        timed.execute();
                        times.add(String.format(Locale.ROOT, "%.6f", (System.nanoTime() - started) / 1e9));
                        did(text.substring(0, 6).toLowerCase(Locale.ROOT), 1);
                    }
                }
            }
            try (Statement statement = connection.createStatement()) {
                try {
                    statement.execute("SELECT 1 / (balance - balance) FROM accounts");
                } catch (SQLException error) {
                    failed("select", error);
                }
                statement.execute("WITH x AS (SELECT id FROM accounts WHERE id < 3) "
                    + "INSERT INTO events_2026_11 SELECT id, 'planted-literal' FROM x");
                statement.execute("SELECT id FROM accounts; UPDATE accounts SET balance = 1 WHERE id = 5");
                did("insert", 1);
                did("select", 1);
                did("update", 1);
            }
            connection.setAutoCommit(false);
            for (int number = 0; number < 7; number++) {
                try (PreparedStatement write = connection.prepareStatement(INSERT)) {
                    write.setInt(1, number);
                    write.setString(2, "planted-parameter");
                    write.executeUpdate();
                    did("insert", 1);
                }
                connection.commit();
                committed++;
            }
            try (PreparedStatement batch = connection.prepareStatement(INSERT)) {
                for (int number = 0; number < 20; number++) {
                    batch.setInt(1, number);
                    batch.setString(2, "planted-parameter");
                    batch.addBatch();
                }
                batch.executeBatch();
                did("insert", 20);
            }
            try (PreparedStatement rows = connection.prepareStatement("SELECT * FROM accounts")) {
                rows.setFetchSize(30);
                try (ResultSet result = rows.executeQuery()) {
                    while (result.next()) { }
                }
                did("fetch", 3);
                did("select", 1);
            }
            connection.commit();
            committed++;
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("DELETE FROM events_2026_11 WHERE id = 3");
                did("delete", 1);
                for (int number = 0; number < 4; number++) {
                    statement.addBatch("INSERT INTO accounts (id) VALUES (" + (number == 2 ? 1 : 3000 + number) + ")");
                }
                statement.executeBatch();
            } catch (SQLException error) {
                failed("insert", error.getNextException() == null ? error : error.getNextException());
                did("insert", 2);
                skipped++;
            }
            connection.rollback();
            rolledBack++;
            connection.setAutoCommit(true);
            var copy = connection.unwrap(PGConnection.class).getCopyAPI();
            copy.copyIn("COPY events_2026_11 FROM STDIN", new StringReader("7\tplanted-copy\n".repeat(400)));
            copy.copyOut("COPY events_2026_11 TO STDOUT", new StringWriter());
            did("copy", 2);
        }
        System.out.println("{\"executed\": " + json(executed) + ", \"errors\": " + json(errors) + ", \"committed\": " + committed
            + ", \"rolled_back\": " + rolledBack + ", \"skipped\": " + skipped + ", \"times\": [" + String.join(", ", times) + "]}");
    }
}

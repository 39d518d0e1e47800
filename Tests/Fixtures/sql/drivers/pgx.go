// pgx 4: each text is prepared by name before its first use; batches are pipelines with one Sync.

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgx/v4"
)

var timed = []string{
	"SELECT n, pg_sleep($1)::text FROM timed", "UPDATE timed SET n = n + 1 FROM pg_sleep($1) s",
	"INSERT INTO timed SELECT 7 FROM pg_sleep($1) s", "DELETE FROM timed USING pg_sleep($1) s WHERE n = 7",
}

const insert = "INSERT INTO events_2026_11 (id, note) VALUES ($1, $2)"

func main() {
	background := context.Background()
	executed, failures := map[string]int{}, map[string]int{}
	committed, rolledBack, skipped := 0, 0, 0
	times := []float64{}
	check := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	failed := func(kind string, err error) {
		var server *pgconn.PgError
		if errors.As(err, &server) {
			failures[kind+" "+server.Code]++
		}
	}
	settings := "host=127.0.0.1 user=postgres sslmode=disable statement_cache_mode=%s port=%s dbname=%s"
	mode := "prepare"
	if os.Args[2] == "app" {
		mode = "describe"
	}
	connection, err := pgx.Connect(background, fmt.Sprintf(settings, mode, os.Args[1], os.Args[2]))
	check(err)
	run := func(kind, text string, values ...interface{}) {
		_, err := connection.Exec(background, text, values...)
		check(err)
		executed[kind]++
	}
	for number := 0; number < 12; number++ {
		run("select", "SELECT balance FROM accounts WHERE id = $1", number)
	}
	for number, text := range timed {
		name := ""
		if mode == "prepare" {
			name = fmt.Sprint("timed", number)
			_, err := connection.Prepare(background, name, text)
			check(err)
		}
		for _, delay := range []float64{0.0035, 0.016, 0.05} {
			query := name
			if name == "" {
				query = text
			}
			started := time.Now()
			_, err := connection.Exec(background, query, delay)
			check(err)
			times = append(times, time.Since(started).Seconds())
			executed[strings.ToLower(text[:6])]++
		}
	}
	_, err = connection.Exec(background, "SELECT 1 / $1::int FROM accounts", 0)
	failed("select", err)
	run("insert", "WITH x AS (SELECT id FROM accounts WHERE id < 3) INSERT INTO events_2026_11 SELECT id, 'planted-literal' FROM x")
	for number := 0; number < 3; number++ {
		transaction, err := connection.Begin(background)
		check(err)
		run("insert", insert, number, "planted-parameter")
		run("update", "UPDATE accounts SET balance = balance + 1 WHERE id = $1", number)
		run("delete", "DELETE FROM events_2026_11 WHERE id = $1", number)
		check(transaction.Commit(background))
		committed++
	}
	transaction, err := connection.Begin(background)
	check(err)
	_, err = connection.Exec(background, "INSERT INTO accounts (id) VALUES ($1)", 1)
	failed("insert", err)
	check(transaction.Rollback(background))
	rolledBack++
	batch := &pgx.Batch{}
	for number := 0; number < 20; number++ {
		batch.Queue(insert, number, "planted-parameter")
	}
	check(connection.SendBatch(background, batch).Close())
	executed["insert"] += 20
	batch = &pgx.Batch{}
	for number := -2; number < 3; number++ {
		batch.Queue("SELECT 10 / $1::int FROM accounts WHERE id = 1", number)
	}
	failed("select", connection.SendBatch(background, batch).Close())
	executed["select"] += 2
	skipped += 2
	rows := [][]interface{}{}
	for number := 0; number < 400; number++ {
		rows = append(rows, []interface{}{number, "planted-copy"})
	}
	_, err = connection.CopyFrom(background, pgx.Identifier{"events_2026_11"}, []string{"id", "note"}, pgx.CopyFromRows(rows))
	check(err)
	executed["copy"]++
	check(connection.Close(background))
	check(json.NewEncoder(os.Stdout).Encode(map[string]interface{}{
		"executed": executed, "errors": failures, "committed": committed, "rolled_back": rolledBack, "skipped": skipped,
		"times": times,
	}))
}

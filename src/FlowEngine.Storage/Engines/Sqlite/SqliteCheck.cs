using Microsoft.Data.Sqlite;

namespace FlowEngine.Storage.Engines.Sqlite;

/// <summary>Stateless: looks through a SQLite database for broken pages.</summary>
internal static class SqliteCheck
{
    private const int StepsBetweenLooks = 1_000;

    /// <summary>Looks through it. Blocks; others read and write meanwhile.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="isFull">Whether each entry of each index is compared with its row
    /// (<c>integrity_check</c>), which takes several times as long (than <c>quick_check</c>).</param>
    /// <param name="stop">Ends it before it is complete.</param>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public static CheckedFile Run(string connectionString, bool isFull, CancellationToken stop)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString
        );
        try
        {
            connection.Open();
            SQLitePCL.raw.sqlite3_progress_handler(
                connection.Handle,
                StepsBetweenLooks,
                static token => ((CancellationToken)token).IsCancellationRequested ? 1 : 0,
                stop
            );
            using var command = connection.CreateCommand();
            command.CommandTimeout = 0;
            command.CommandText = isFull ? "pragma integrity_check(3)" : "pragma quick_check(3)";
            var found = new List<string>();
            using var reader = command.ExecuteReader();
            while (reader.Read())
                found.Add(reader.GetString(0).ReplaceLineEndings(" "));
            return new CheckedFile(found is ["ok"] ? null : string.Join(' ', found), IsComplete: true);
        }
        catch (SqliteException error) when (error.SqliteErrorCode == SQLitePCL.raw.SQLITE_INTERRUPT)
        {
            return new CheckedFile(null, IsComplete: false);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB)
        {
            return new CheckedFile(error.Message, IsComplete: true);
        }
    }
}

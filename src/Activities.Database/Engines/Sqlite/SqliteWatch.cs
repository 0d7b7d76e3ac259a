using SQLitePCL;

namespace FlowEngine.Database.Engines.Sqlite;

/// <summary>Per query: ends what a SQLite connection does when its time is over or nobody wants it any more. SQLite itself asks every few
/// thousand steps, on the query's own
/// thread, so it depends on no other thread or timer.</summary>
internal sealed class SqliteWatch : IDisposable
{
    private const int StepsBetweenLooks = 2_000;

    private readonly sqlite3 _handle;
    private readonly QueryDeadline _deadline;

    /// <summary>Begins to watch.</summary>
    public SqliteWatch(sqlite3 handle, QueryDeadline deadline)
    {
        (_handle, _deadline) = (handle, deadline);
        raw.sqlite3_progress_handler(handle, StepsBetweenLooks, static watch => ((SqliteWatch)watch)._deadline.IsOver ? 1 : 0, this);
    }

    /// <summary>Watches no more: what is left to do is to clean up.</summary>
    public void Dispose()
    {
        if (_handle is { IsInvalid: false, IsClosed: false })
            raw.sqlite3_progress_handler(_handle, 0, null, null);
    }
}

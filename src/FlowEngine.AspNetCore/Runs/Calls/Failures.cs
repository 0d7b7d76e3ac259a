namespace FlowEngine.AspNetCore.Runs.Calls;

/// <summary>Per connector, thread-safe: failures that are told once in a while, with their number.</summary>
internal sealed class Failures
{
    private readonly Lock _lock = new();
    private int _count;
    private string _code = "";
    private long? _toldAt;

    /// <summary>One more.</summary>
    public void Add(string code)
    {
        lock (_lock)
            (_count, _code) = (_count + 1, code);
    }

    /// <summary>What is to be told now: the number since it was told last, and the last code. Null when there is nothing, or it was told
    /// a moment ago.</summary>
    public (int Count, string Code)? Take(TimeProvider time, TimeSpan period)
    {
        lock (_lock)
        {
            if (_count == 0 || (_toldAt is { } told && time.GetElapsedTime(told) < period))
                return null;
            var failures = (_count, _code);
            (_count, _toldAt) = (0, time.GetTimestamp());
            return failures;
        }
    }
}

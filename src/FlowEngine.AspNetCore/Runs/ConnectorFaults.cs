using System.Globalization;
using FlowEngine.Execution;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>Per process, thread-safe: says in the log which connectors fail, also where flows handle it, so that the outage of an API that
/// every login needs is not silent: at the first error, and from then on
/// once a minute and connector, with the counts of that minute.</summary>
internal sealed partial class ConnectorFaults(TimeProvider time, ILogger<ConnectorFaults> log) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Watch> _watched = new(StringComparer.Ordinal);

    /// <summary>Notes an error of a run. What has no connector, or failed the run, which is in the log for itself, is left out.</summary>
    public void Note(FlowRun run, RunError error)
    {
        if (error.Connector is not { } connector || error.Handling == ErrorHandling.Failed)
            return;
        lock (_gate)
        {
            if (_watched.TryGetValue(connector, out var watch))
            {
                watch.Add(error.Code);
                return;
            }
            _watched.Add(connector, new Watch(time.CreateTimer(Tell, connector, Pause, Pause)));
        }
        LogFailing(log, connector, 1, $"{error.Code} 1");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var watch in _watched.Values)
                watch.Timer.Dispose();
            _watched.Clear();
        }
    }

    private void Tell(object? connector)
    {
        var name = (string)connector!;
        (int Count, string Codes) minute;
        lock (_gate)
        {
            if (!_watched.TryGetValue(name, out var watch))
                return;
            minute = watch.Take();
            if (minute.Count == 0)
            {
                _watched.Remove(name);
                watch.Timer.Dispose();
                return;
            }
        }
        LogFailing(log, name, minute.Count, minute.Codes);
    }

    [LoggerMessage(
        EventId = 1402,
        Level = LogLevel.Warning,
        Message = "Errors of the connector {Connector} within a minute, after which flows went on: {Count} ({Codes})."
    )]
    private static partial void LogFailing(ILogger logger, string connector, int count, string codes);

    /// <summary>Per connector that failed: what it failed with since the last line.</summary>
    private sealed class Watch(ITimer timer)
    {
        private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);

        public ITimer Timer => timer;

        public void Add(string code) => _codes[code] = _codes.GetValueOrDefault(code) + 1;

        public (int Count, string Codes) Take()
        {
            var taken = (
                _codes.Values.Sum(),
                string.Join(
                    ", ",
                    _codes
                        .OrderByDescending(code => code.Value)
                        .ThenBy(code => code.Key, StringComparer.Ordinal)
                        .Select(code => string.Create(CultureInfo.InvariantCulture, $"{code.Key} {code.Value}"))
                )
            );
            _codes.Clear();
            return taken;
        }
    }
}

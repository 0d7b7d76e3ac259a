using System.Collections.Concurrent;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Server.Tests.Runs;

/// <summary>An API that fails every login is in the log, also when the flow
/// handles it: at once, and then once a minute with the count.</summary>
public sealed class ConnectorFaultsTests
{
    private static readonly FlowRun Run = FlowRun.Start(
        FlowCompiler
            .Compile(
                FlowReader.Read(
                    FlowValue.Parse("""{ "id": "f", "start": "e", "activities": [ { "id": "e", "type": "End" } ] }"""),
                    null,
                    new DiagnosticBag()
                )!,
                new CompilationEnvironment()
            )
            .Plan!,
        new RunStart(),
        RunServices.Default
    );

    private readonly FakeTimeProvider _time = new();
    private readonly Lines _lines = new();

    [Fact]
    public void Errors_OfAConnector_AreToldAtOnceAndThenOnceAMinuteWithTheCount()
    {
        using var faults = new ConnectorFaults(_time, _lines);
        for (var i = 0; i < 500; i++)
            faults.Note(Run, Error("profile-api", i % 100 == 0 ? "http.timeout" : "http.connect"));
        faults.Note(Run, Error("users", "db.timeout"));

        Assert.Equal(["1402 Warning profile-api 1 http.timeout 1", "1402 Warning users 1 db.timeout 1"], _lines.Taken());

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(_lines.Taken());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["1402 Warning profile-api 499 http.connect 495, http.timeout 4"], _lines.Taken());

        faults.Note(Run, Error("profile-api", "http.connect"));
        Assert.Empty(_lines.Taken());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["1402 Warning profile-api 1 http.connect 1"], _lines.Taken());

        // A minute without: nothing is told, and the next one is told at once.
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(_lines.Taken());
        faults.Note(Run, Error("profile-api", "http.connect"));
        Assert.Equal(["1402 Warning profile-api 1 http.connect 1"], _lines.Taken());
    }

    [Fact]
    public void Errors_ThatFailedTheRunOrHaveNoConnector_AreNotToldHere()
    {
        using var faults = new ConnectorFaults(_time, _lines);
        faults.Note(Run, Error("profile-api", "http.connect") with { Handling = ErrorHandling.Failed });
        faults.Note(Run, Error("profile-api", "script.failed") with { Connector = null });
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Empty(_lines.Taken());
    }

    private static RunError Error(string connector, string code) => new(code, "profile", connector, ErrorHandling.Automatic, 1);

    /// <summary>Per test, thread-safe: the lines of a log.</summary>
    private sealed class Lines : ILogger<ConnectorFaults>
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public string[] Taken()
        {
            var taken = _lines.ToArray();
            _lines.Clear();
            return taken;
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            var values = ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary(pair => pair.Key, pair => pair.Value);
            _lines.Enqueue($"{eventId.Id} {logLevel} {values["Connector"]} {values["Count"]} {values["Codes"]}");
        }
    }
}

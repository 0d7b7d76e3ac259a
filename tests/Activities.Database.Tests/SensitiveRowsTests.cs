using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Templates;
using FlowEngine.Tracing;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Database.Tests;

/// <summary>The setting <c>sensitive</c> of Database (SPEC 6).</summary>
public sealed class SensitiveRowsTests
{
    private const string Setting = ", \"sensitive\": true";

    [Theory]
    [InlineData(Setting, true)]
    [InlineData("", false)]
    public async Task Execute_SensitiveRows_AreMarkedButForTheirNumber(string setting, bool isSensitive)
    {
        await using var flow = new DatabaseFlow(
            """{ "engine": "postgres", "host": "no-such-host.invalid", "database": "d", "username": "u","""
                + """ "password": "env:FLOWENGINE_NO_SUCH_VARIABLE" }"""
        );
        var replies = new ScriptedReplies(FlowValue.Parse("""{ "q": [ { "rows": [ { "pin": 471100, "note": "hidden words" } ] } ] }"""));
        var run = await flow.RunAsync(
            "select pin, note from pins",
            settings: setting,
            services: new RunServices { Trace = true, Replies = replies }
        );

        var result = run.Context.Get(ContextRoot.Connectors).Get("db");
        Assert.Equal(
            (isSensitive, isSensitive, false),
            (
                result.Get("first").Get("pin").IsSensitive,
                result.Get("rows").Get(0).Get("note").IsSensitive,
                result.Get("rowCount").IsSensitive
            )
        );
        var trace = TraceWriter.ToValue(run.Trace!, run.RedactorFor([])).ToJson();
        Assert.Equal(!isSensitive, trace.Contains("471100", StringComparison.Ordinal));
        Assert.Equal(!isSensitive, trace.Contains("hidden words", StringComparison.Ordinal));
        Assert.Contains("\"rowCount\":1", trace, StringComparison.Ordinal);
    }

    /// <summary>The server's message may quote what it read.</summary>
    [Theory]
    [InlineData(Setting, false)]
    [InlineData("", true)]
    public async Task Execute_SensitiveQueryThatFails_WithholdsTheServersWords(string setting, bool isTold)
    {
        var folder = Directory.CreateTempSubdirectory("flowengine-sensitive-");
        try
        {
            var file = Path.Combine(folder.FullName, "people.db");
            using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
                connection.Open();
            await using var flow = new DatabaseFlow($$"""{ "engine": "sqlite", "file": {{FlowValue.From(file).ToJson()}} }""");
            var (code, message) = await flow.ErrorAsync("select unheard_of from nowhere", default(FlowValue), setting);

            Assert.Equal("db.query", code);
            Assert.Equal(isTold, message.Contains("nowhere", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

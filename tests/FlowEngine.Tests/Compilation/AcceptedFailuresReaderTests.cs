using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.Tests.Compilation;

/// <summary><c>accepts</c>: each entry names a failure that the flow can have.</summary>
public sealed class AcceptedFailuresReaderTests
{
    private const string Inner = """
        { "id": "inner", "start": "script",
          "activities": [ { "id": "script", "type": "Scriptlet", "code": "return 1;" }, { "id": "end", "type": "End" } ],
          "connections": [ { "source": "script", "port": "Success", "target": "end" } ] }
        """;

    [Theory]
    [InlineData("script: Scriptlet Failed")]
    [InlineData("script: limit")]
    [InlineData("script: script.busy")]
    [InlineData("verify: busy")]
    [InlineData("verify: Not Checked")]
    [InlineData("both: Branch Failed")]
    [InlineData("both: limit")]
    [InlineData("left: limit")]
    [InlineData("each: Items Failed")]
    [InlineData("each: too_many")]
    [InlineData("sub/script: Scriptlet Failed")]
    public void Compile_FailureThatThereIs_Accepts(string entry)
    {
        var result = Compile(entry);

        Assert.Empty(result.Diagnostics);
        Assert.Equal(entry, Assert.Single(result.Plan!.Accepts.Entries).ToString());
    }

    [Theory]
    [InlineData("script", "Write \"<activity>: <how it fails>\"")]
    [InlineData("skript: limit", "Did you mean 'script'?")]
    [InlineData("script: limits", "Did you mean 'limit'?")]
    [InlineData("script: Scriptlet failed", "Did you mean 'Scriptlet Failed'?")]
    [InlineData("script: Success", "Use one of: Scriptlet Failed, ")]
    [InlineData("script: 404", "Use one of: Scriptlet Failed, ")]
    [InlineData("verify: Match", "Use one of: Not Checked, busy.")]
    [InlineData("end: Done", "")]
    [InlineData("sub/skript: limit", "Did you mean 'sub/script'?")]
    [InlineData("script/x: limit", "")]
    public void Compile_FailureThatThereIsNot_IsRefused(string entry, string advice)
    {
        var result = Compile(entry);

        Assert.Null(result.Plan);
        var problem = Assert.Single(result.Diagnostics);
        Assert.Equal(("flow.accepts", "/accepts/0", Severity.Error), (problem.Code, problem.Pointer, problem.Severity));
        Assert.StartsWith(advice, problem.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_EntryTwice_IsRefused() =>
        Assert.Equal("/accepts/1", TestFlow.OnlyError(Compile("script: limit", "script:limit")).Pointer);

    /// <summary>A subflow may have changed since: what runs goes on.</summary>
    [Fact]
    public void Compile_PublishedFlow_WarnsAlone()
    {
        var result = Compile(version: 3, "sub/gone: limit");

        Assert.NotNull(result.Plan);
        Assert.Equal(Severity.Warning, Assert.Single(result.Diagnostics).Severity);
    }

    private static CompilationResult Compile(params string[] entries) => Compile(0, entries);

    private static CompilationResult Compile(int version, params string[] entries)
    {
        var accepts = string.Join(',', entries.Select(entry => FlowValue.From(entry).ToJson()));
        var json = $$"""
            { "id": "f", "start": "script", "accepts": [ {{accepts}} ], "activities": [
                { "id": "script", "type": "Scriptlet", "code": "return 1;" },
                { "id": "verify", "type": "VerifyPassword", "password": "x", "hash": "y" },
                { "id": "both", "type": "Parallel", "activities": [ { "id": "left", "type": "Scriptlet", "code": "return 1;" } ] },
                { "id": "each", "type": "ForEach", "items": "{{"{{scripts.script}}"}}",
                  "activity": { "id": "one", "type": "Scriptlet", "code": "return 1;" } },
                { "id": "sub", "type": "Subflow", "flow": "inner" },
                { "id": "end", "type": "End" } ],
              "connections": [
                { "source": "script", "port": "Success", "target": "verify" }, { "source": "verify", "port": "Match", "target": "both" },
                { "source": "verify", "port": "No Match", "target": "end" }, { "source": "both", "port": "Success", "target": "each" },
                { "source": "each", "port": "Success", "target": "sub" }, { "source": "sub", "port": "Done", "target": "end" } ] }
            """;
        var environment = new CompilationEnvironment { FindFlow = id => id == "inner" ? (Corpus.Read(FlowValue.Parse(Inner)), 1) : null };
        return FlowCompiler.Compile(Corpus.Read(FlowValue.Parse(json)), environment, version);
    }
}

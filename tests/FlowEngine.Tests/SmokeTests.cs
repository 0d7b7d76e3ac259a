using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Screens;

namespace FlowEngine.Tests;

public sealed class SmokeTests
{
    [Fact]
    public async Task Run_ScreenThenUserAndClaims_Completes()
    {
        var json = FlowValue.Parse("""
            { "id": "f", "start": "s", "activities": [
              { "id": "s", "type": "Screen", "screen": "in" },
              { "id": "u", "type": "SetUser", "user": { "userId": "{{form.email}}" } },
              { "id": "c", "type": "CustomClaims", "claims": { "who": "<{{form.email}}>", "n": "{{flow.version}}" } },
              { "id": "e", "type": "End", "outputs": { "x": 1 } } ],
              "connections": [
              { "source": "s", "port": "go", "target": "u" }, { "source": "u", "port": "Done", "target": "c" }, { "source": "c", "port": "Done", "target": "e" } ],
              "screens": [ { "id": "in", "components": [ { "type": "EmailInput", "name": "email", "required": true }, { "type": "Button", "id": "go" } ] } ] }
            """);
        var result = FlowCompiler.Compile(json, new CompilationEnvironment());
        Assert.Empty(result.Diagnostics);
        var run = FlowRun.Start(result.Plan!, new RunStart(), RunServices.Default with { Trace = true });
        await FlowExecutor.AdvanceAsync(run);
        Assert.Equal(RunStatus.Waiting, run.Status);
        Assert.NotNull(await FlowExecutor.SubmitAsync(run, new ScreenSubmission("go", FlowValue.Parse("""{"email":"nope"}"""))));
        Assert.Null(await FlowExecutor.SubmitAsync(run, new ScreenSubmission("go", FlowValue.Parse("""{"email":"ada@example.com"}"""))));
        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal("""{"who":"<ada@example.com>","n":0}""", run.Context.Claims.ToJson());
        Assert.Equal(["s", "u", "c", "e"], run.Path);
        Assert.Equal("1e+21,1.5e-7,123.456,0.000001,-1.25,5e-324", string.Join(",", new[] { 1e21, 1.5e-7, 123.456, 1e-6, -1.25, double.Epsilon }.Select(d => FlowValue.From(d).ToText())));
    }
}

using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Screens;

/// <summary>A flow of one screen: <c>go</c> ends it, <c>again</c> comes back to it.</summary>
internal static class ScreenFlow
{
    public static IReadOnlyList<string> Problems(string components) =>
        [.. Compile(components).Diagnostics.Select(problem => $"{problem.Code} {problem.Pointer}")];

    public static async Task<FlowRun> StartAsync(string components, string client = "{}")
    {
        var compiled = Compile(components);
        Assert.True(compiled.Plan is not null, string.Join('\n', compiled.Diagnostics.Select(problem => problem.Message)));
        var run = FlowRun.Start(
            compiled.Plan!,
            new RunStart { Client = FlowValue.Parse(client) },
            RunServices.Default with
            {
                Trace = true,
            }
        );
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        return run;
    }

    /// <summary>The codes of what is wrong with each input, such as <c>email input.required</c>; the code of the error for anything else.</summary>
    public static async Task<string> SubmitAsync(FlowRun run, string form, string button = "go")
    {
        var problem = await FlowExecutor.SubmitAsync(
            run,
            new ScreenSubmission(button, FlowValue.Parse(form)),
            TestContext.Current.CancellationToken
        );
        return problem is null ? ""
            : problem.Code == FlowErrors.ScreenInput.Code ? string.Join(", ", run.InputProblems.Select(one => $"{one.Name} {one.Code}"))
            : problem.Code;
    }

    public static FlowValue Form(FlowRun run) => run.Context.Get(ContextRoot.Form);

    public static FlowArray View(FlowRun run) =>
        ScreenView.Of(run, ValueEncoder.None).Get("components").TryGetArray(out var components) ? components : FlowArray.Empty;

    private static CompilationResult Compile(string components) =>
        FlowCompiler.Compile(
            FlowValue.Parse(
                $$"""
                { "id": "f", "start": "s",
                  "inputs": { "kind": { "type": "string", "default": "" }, "list": { "type": "array", "default": [] } },
                  "activities": [ { "id": "s", "type": "Screen", "screen": "s" }, { "id": "e", "type": "End" } ],
                  "connections": [ { "source": "s", "port": "go", "target": "e" }, { "source": "s", "port": "again", "target": "s" }{{(
                    components.Contains("\"later\"", StringComparison.Ordinal) ? """, { "source": "s", "port": "later", "target": "e" }""" : ""
                )}} ],
                  "screens": [ { "id": "s", "components": [ {{components}}, { "type": "Button", "id": "go" }, { "type": "Button", "id": "again" } ] } ] }
                """
            ),
            new CompilationEnvironment()
        );
}

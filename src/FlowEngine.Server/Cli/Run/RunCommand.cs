using System.CommandLine;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Server.Demo;
using FlowEngine.Server.Hosting;
using FlowEngine.Testing;
using FlowEngine.Tracing;

namespace FlowEngine.Server.Cli.Run;

/// <summary>Per process, single-threaded: <c>run FLOW.json</c>, which runs a flow in this process.</summary>
internal sealed class RunCommand : CliCommand
{
    private readonly Argument<string?> _flow = new("FLOW.json")
    {
        Description = "The flow file, *.flow.json or *.elsa.json. With --demo it may be left out: then the sample login flow runs.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _client = new("--client")
    {
        Description = "An input, client.<key>, always as text; use --client-json for other types. Repeatable.",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _clientJson = new("--client-json")
    {
        Description = "A JSON file with an object of inputs; --client goes before it.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _answers = new("--answers")
    {
        Description =
            "A JSON file with the answers to the screens, used in order: [ { "
            + "\"screen\", \"interaction\", \"form\" } ]. Without it the terminal asks.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _trace = new("--trace") { Description = "Prints every step. JSON always holds them." };
    private readonly Option<bool> _demo = new("--demo")
    {
        Description = "Starts a demo people database and a demo API in this process, and points the connectors at them.",
    };
    private readonly Option<string> _format = Formats.Option(Formats.Text, Formats.Json);
    private readonly EngineOptions _engine;

    public RunCommand()
        : base(
            "run",
            "Runs a flow in this process. Exit code 0: completed, 1: failed or "
                + "refused, 2: usage, 3: it waits for a screen and no answer is left.",
            "flowengine run flows/login.flow.json --demo",
            "flowengine run flows/login.flow.json --demo --answers answers.json --format json",
            "flowengine run flows/login.flow.json --connectors ./connectors --client tenant=acme --trace"
        )
    {
        _client.Validators.Add(result => KeyValue.Check(result, "key=value"));
        Arguments.Add(_flow);
        foreach (var option in new Option[] { _client, _clientJson, _answers, _trace, _demo, _format })
            Options.Add(option);
        _engine = new EngineOptions(this);
        Validators.Add(result =>
        {
            if (result.GetValue(_flow) is null && !result.GetValue(_demo))
                result.AddError("FLOW.json is missing. Name a flow file, or use --demo for the sample login flow.");
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var isDemo = parsed.GetValue(_demo);
        var flowFile = parsed.GetValue(_flow) ?? SampleFlows.Login;
        var settings = _engine.Settings(parsed, isDemo).Engine;
        var problems = new DiagnosticBag();
        var client = Client(parsed, problems);
        var answers = Answers(parsed, problems);

        await using var demo = isDemo ? await DemoSite.StartAsync(cancellationToken) : null;
        await using var host = FlowEngineHost.Open(
            Path.GetDirectoryName(flowFile) ?? "",
            _engine.Connectors(parsed),
            settings.Modules(),
            demo is null ? null : demo.Relocate
        );
        var compiled = host.Compile(flowFile);
        problems.AddRange(compiled.Diagnostics);
        DiagnosticWriter.WriteText(Console.Error, problems.Items);
        if (compiled.Plan is null || problems.HasErrors)
            return Write(parsed, RunReport.Refused(problems.Items), problems, ExitCodes.Failed);

        var run = FlowRun.Start(compiled.Plan, new RunStart { Client = client }, new RunServices { Trace = true, QueueCall = _ => null });
        var error = await AdvanceAsync(run, answers, cancellationToken);
        var token =
            run.Status == RunStatus.Completed && !run.Context.User.Get("userId").IsNothing
                ? TokenIssuer.Create(settings.Tokens, settings.ProjectId).Issue(run)
                : null;
        var calls = await LeftCall.DeliverAsync(run, host.Connectors, cancellationToken);
        var report = new RunReport(run, token, error?.ToValue() ?? run.Context.Error, run.RedactorFor(host.Connectors.SecretValues), calls);
        return Write(parsed, report, problems, ExitCodeOf(run, answers));
    }

    /// <summary>Answers screens until the run ends or no answer is left.</summary>
    /// <returns>Why the last answer was not taken, or null.</returns>
    private static async Task<FlowError?> AdvanceAsync(FlowRun run, AnswerSource answers, CancellationToken cancellationToken)
    {
        FlowError? refusal = null;
        await FlowExecutor.AdvanceAsync(run, cancellationToken);
        while (run.Status == RunStatus.Waiting && await answers.NextAsync(run, cancellationToken) is { } submission)
        {
            refusal = await FlowExecutor.SubmitAsync(run, submission, cancellationToken);
            if (refusal is not null && run.Status == RunStatus.Waiting)
                answers.Refused(refusal);
        }

        if ((answers.Problem ?? run.Failure) is { } problem)
            await Console.Error.WriteLineAsync(
                $"error {problem.Code} {run.Plan.Definition.Location.File}: {ErrorAdvice.Beside(problem.Code, problem.Message)}"
            );
        else if (answers is FileAnswers { Left: > 0 } file)
            await Console.Error.WriteLineAsync($"The run ended before {file.Left} of the answers were used.");
        return answers.Problem ?? refusal;
    }

    private static int ExitCodeOf(FlowRun run, AnswerSource answers) =>
        run.Status switch
        {
            _ when answers.Problem is not null => ExitCodes.Failed,
            RunStatus.Completed => ExitCodes.Completed,
            RunStatus.Waiting => ExitCodes.Waiting,
            _ => ExitCodes.Failed,
        };

    private int Write(ParseResult parsed, RunReport report, DiagnosticBag problems, int exitCode)
    {
        if (parsed.GetValue(_format) == Formats.Json)
            Console.Out.WriteLine(JsonWriting.ToText(report.ToValue(problems.Items)));
        else
            report.WriteText(Console.Out, parsed.GetValue(_trace));
        return exitCode;
    }

    private FlowValue Client(ParseResult parsed, DiagnosticBag problems)
    {
        var client = FlowObject.Empty;
        if (parsed.GetValue(_clientJson) is { } file)
        {
            var json = JsonFile.Read(file, problems);
            if (json.TryGetObject(out var given))
                client = given;
            else if (!json.IsMissing)
                problems.Error(
                    FlowErrors.Type,
                    SourceLocation.Root(file),
                    "The inputs are not an object.",
                    "Write { \"<input>\": <value> }."
                );
        }
        foreach (var (key, value) in parsed.GetValue(_client)!.Select(KeyValue.Split))
            client = client.With(key, FlowValue.From(value));
        return FlowValue.From(client);
    }

    private AnswerSource Answers(ParseResult parsed, DiagnosticBag problems)
    {
        if (parsed.GetValue(_answers) is { } file)
            return new FileAnswers(ScreenAnswer.ReadAll(JsonFile.Read(file, problems), SourceLocation.Root(file), problems));
        return Console.IsInputRedirected ? new PipedAnswers(Console.In, Console.Error) : new TerminalAnswers();
    }
}

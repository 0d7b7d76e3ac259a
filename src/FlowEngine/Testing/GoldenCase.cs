using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Settings;

namespace FlowEngine.Testing;

/// <summary>
/// Shared and immutable: a flow, the answers to its screens, scripted replies in place of its connectors, and what must come of it
/// (<c>*.case.json</c>, SPEC 13). No case ever calls a live system.
/// </summary>
public sealed class GoldenCase
{
    private static readonly string[] Members = ["$schema", "description", "flow", "client", "answers", "replies", "expect"];

    private readonly GoldenExpectation _expectation;

    private GoldenCase(
        string file,
        string flowFile,
        FlowValue client,
        IReadOnlyList<ScreenAnswer> answers,
        FlowValue replies,
        GoldenExpectation expectation
    )
    {
        File = file;
        FlowFile = flowFile;
        Client = client;
        Answers = answers;
        Replies = replies;
        _expectation = expectation;
    }

    /// <summary>The case's file.</summary>
    public string File { get; }

    /// <summary>The flow's file, seen from where the caller sees the case's file.</summary>
    public string FlowFile { get; }

    /// <summary>The inputs: <c>client.*</c>.</summary>
    public FlowValue Client { get; }

    /// <summary>The answers to the screens, used in order.</summary>
    public IReadOnlyList<ScreenAnswer> Answers { get; }

    /// <summary>The replies by activity id; see <see cref="ScriptedReplies"/>.</summary>
    public FlowValue Replies { get; }

    /// <summary>Reads a case.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="others">Kinds of files beside the engine's own that are told when it is one of them.</param>
    /// <returns>The case, or null when an error was reported.</returns>
    public static GoldenCase? Load(string path, DiagnosticBag problems, params FileKind[] others)
    {
        var json = JsonFile.Read(path, problems);
        return json.IsMissing || !FileKind.Case.Check(json, path, problems, others) ? null : Read(json, path, problems);
    }

    /// <summary>Reads the content of a case's file.</summary>
    /// <param name="json">The content.</param>
    /// <param name="file">The file, which the flow's path is relative to.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>The case, or null when an error was reported.</returns>
    public static GoldenCase? Read(FlowValue json, string file, DiagnosticBag problems)
    {
        var found = new DiagnosticBag();
        var golden = Read(json, file, SourceLocation.Root(file), found);
        problems.AddRange(found.Items);
        return found.HasErrors ? null : golden;
    }

    /// <summary>Makes a case that expects nothing: how a flow goes when all goes well, for a drill.</summary>
    /// <param name="name">What it is called, in place of a file.</param>
    /// <param name="client">The inputs; null for none.</param>
    /// <param name="answers">The answers, an array as <see cref="ScreenAnswer.ReadAll"/> reads it; missing or null for none.</param>
    /// <param name="replies">The replies by activity id; null for none.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="problems">Where problems go.</param>
    public static GoldenCase Of(
        string name,
        FlowObject? client,
        FlowValue answers,
        FlowObject? replies,
        SourceLocation at,
        DiagnosticBag problems
    ) =>
        new(
            name,
            "",
            FlowValue.From(client ?? FlowObject.Empty),
            ScreenAnswer.ReadAll(answers.IsNothing ? FlowValue.Missing : answers, at.At("answers"), problems),
            FlowValue.From(replies ?? FlowObject.Empty),
            GoldenExpectation.None
        );

    /// <summary>Runs the case against its compiled flow.</summary>
    /// <param name="plan">The flow of <see cref="FlowFile"/>.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<GoldenResult> RunAsync(FlowPlan plan, CancellationToken cancellationToken = default)
    {
        var services = new RunServices { Trace = true, Replies = new ScriptedReplies(Replies) };
        var run = FlowRun.Start(plan, new RunStart { Client = Client }, services);
        var used = await PlayAsync(run, InOrder, cancellationToken).ConfigureAwait(false);

        var differences = new List<GoldenDifference>();
        if (used < Answers.Count && run.Status == RunStatus.Waiting)
            differences.Add(
                new GoldenDifference($"answers[{used}].screen", FlowValue.From(Answers[used].Screen), FlowValue.From(run.Screen?.Id))
            );
        else if (used < Answers.Count)
            differences.Add(new GoldenDifference("answers used", FlowValue.From(Answers.Count), FlowValue.From(used)));

        differences.AddRange(_expectation.Compare(run));
        return new GoldenResult(this, run, differences);
    }

    /// <summary>Goes through the run with the answers of the case.</summary>
    /// <param name="run">The run, before its first activity.</param>
    /// <param name="next">Which answer comes next, given the index of the first that is left; -1 for none.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The index of the first answer that is left.</returns>
    internal async Task<int> PlayAsync(FlowRun run, Func<FlowRun, int, int> next, CancellationToken cancellationToken)
    {
        await FlowExecutor.AdvanceAsync(run, cancellationToken).ConfigureAwait(false);
        var left = 0;
        while (left < Answers.Count && run.Status == RunStatus.Waiting && next(run, left) is >= 0 and var answer)
        {
            await FlowExecutor.SubmitAsync(run, Answers[answer].ToSubmission(), cancellationToken).ConfigureAwait(false);
            left = answer + 1;
        }
        return left;
    }

    /// <summary>One answer after the other, as long as each is for the screen that is shown.</summary>
    internal int InOrder(FlowRun run, int left) => Answers[left].MismatchWith(run) is null ? left : -1;

    private static GoldenCase? Read(FlowValue json, string file, SourceLocation root, DiagnosticBag problems)
    {
        if (!json.TryGetObject(out var obj))
        {
            problems.Error(FlowErrors.Type, root, "A case file holds one JSON object.");
            return null;
        }

        foreach (var name in obj.Shape.Names)
        {
            if (Array.IndexOf(Members, name) < 0)
                problems.Warning(FlowErrors.UnknownSetting, root.At(name), $"A case has no '{name}'.", Suggestion.For(name, Members));
        }

        if (!obj.Get("flow").TryGetText(out var flow) || flow.Length == 0)
            problems.Error(
                FlowErrors.Required,
                root.At("flow"),
                "'flow' is missing, empty or not a text.",
                "Write the path of the flow's file, relative to this file."
            );
        return new GoldenCase(
            file,
            Path.Combine(Path.GetDirectoryName(file) ?? "", flow ?? ""),
            ObjectOf(obj, "client", root, problems),
            ScreenAnswer.ReadAll(obj.Get("answers"), root.At("answers"), problems),
            ObjectOf(obj, "replies", root, problems),
            GoldenExpectation.Read(obj.Get("expect"), root.At("expect"), problems)
        );
    }

    private static FlowValue ObjectOf(FlowObject obj, string name, SourceLocation root, DiagnosticBag problems)
    {
        var value = obj.Get(name);
        if (value.Kind == FlowValueKind.Object)
            return value;
        if (!value.IsNothing)
            problems.Error(FlowErrors.Type, root.At(name), $"'{name}' is not an object.", "Write an object here.");
        return FlowValue.From(FlowObject.Empty);
    }
}

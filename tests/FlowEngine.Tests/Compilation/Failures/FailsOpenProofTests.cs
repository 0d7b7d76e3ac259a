using System.Text;
using CsCheck;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Conditions;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Screens;
using FlowEngine.Settings;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.Tests.Compilation.Failures;

/// <summary>The proof against runs: flows of any shape, calls that fail in any way, and nobody who tells the proof what to expect. What
/// names a failure is asked of the run: whether the condition would have taken the same branch without it.</summary>
public sealed class FailsOpenProofTests
{
    private const int MaxSubmissions = 12;

    private static readonly string[] Modes = ["automatic", "custom", "ignore"];

    /// <summary>Rules about a call; K stands for its context key, N for its id.</summary>
    private static readonly string[] Rules =
    [
        Rule("connectors.K.statusCode", "equal", "200"),
        Rule("connectors.K.statusCode", "equal", "404"),
        Rule("connectors.K.statusCode", "not-equal", "200"),
        Rule("connectors.K.statusCode", "not-equal", "500"),
        Rule("connectors.K.statusCode", "less-than", "500"),
        Rule("connectors.K.statusCode", "greater-than-or-equal", "400"),
        Rule("connectors.K.statusCode", "in-range", "\"200,299\""),
        Rule("connectors.K.statusCode", "not-in-range", "\"500,599\""),
        Rule("connectors.K.statusCode", "not-empty", null),
        Rule("connectors.K.statusCode", "empty", null),
        Rule("connectors.K.error", "not-empty", null),
        Rule("connectors.K.error", "empty", null),
        Rule("connectors.K.error.code", "equal", "\"test.silent\""),
        Rule("connectors.K.body", "equal", "\"yes\""),
        Rule("connectors.K.body", "not-equal", "\"yes\""),
        Rule("connectors.K.body", "not-empty", null),
        Rule("connectors.K", "not-empty", null),
        Rule("error.code", "not-empty", null),
        Rule("error.code", "empty", null),
        Rule("error.code", "equal", "\"test.silent\""),
        Rule("error.activity", "equal", "\"N\""),
        Rule("user.userId", "empty", null),
        """{ "script": "connectors.K !== undefined" }""",
    ];

    /// <summary>A run in which a call failed and nothing named the failure never issues a token.</summary>
    [Fact]
    public void AFlowThatIsAccepted_NeverIssuesATokenAfterAFailureThatNothingNamed()
    {
        var (all, accepted, failed, signedIn) = (0, 0, 0, 0);
        Cases.Run(
            20_000,
            (seed, tell) =>
            {
                var random = new Random(seed);
                var (shape, targets, luck) = (Numbers(random, 8, 40), Numbers(random, 40, 60), Numbers(random, 30, 60));
                var json = Flow(shape, targets);
                tell(json);
                var result = Compile(json);
                Assert.NotNull(result.Plan);
                Interlocked.Increment(ref all);
                if (result.Diagnostics.Any(problem => problem.Code == "flow.fails_open"))
                    return;
                Interlocked.Increment(ref accepted);
                for (var i = 0; i < 4; i++)
                {
                    var run = new ObservedRun(result.Plan, [.. luck.Skip(i * 7), .. luck.Take(i * 7)]);
                    run.GoAsync().AsTask().GetAwaiter().GetResult();
                    if (run.HasFailed)
                        Interlocked.Increment(ref failed);
                    if (!run.HasToken)
                        continue;
                    Interlocked.Increment(ref signedIn);
                    Assert.True(run.Unnamed.Count == 0, $"{string.Join(", ", run.Unnamed)}: {string.Join(" ", run.Path)}");
                }
            }
        );

        // Not all is refused, and what is accepted is put to the test.
        Assert.InRange(accepted, all / 10, all - all / 40);
        Assert.True(failed > 200 && signedIn > 100, $"{accepted} accepted, {failed} failed, {signedIn} signed in");
    }

    private static int[] Numbers(Random random, int fewest, int most) =>
        [.. Enumerable.Range(0, random.Next(fewest, most + 1)).Select(_ => random.Next(1000))];

    /// <summary>A way that is shown is one: of activities and ports that are connected so.</summary>
    [Fact]
    public void AFlowThatIsRefused_ShowsAWayOfItsOwnActivities()
    {
        Gen.Select(Gen.Int[0, 999].Array[8, 40], Gen.Int[0, 999].Array[40, 60])
            .Sample(
                (shape, targets) =>
                {
                    var result = Compile(Flow(shape, targets));
                    foreach (var problem in result.Diagnostics.Where(problem => problem.Code == "flow.fails_open"))
                    {
                        var way = problem.Message[(problem.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..].TrimEnd('.');
                        var steps = way.Split("-> ");
                        Assert.True(steps.Length > 1, problem.Message);
                        for (var i = 0; i + 1 < steps.Length; i++)
                            AssertIsConnected(result.Plan!, steps[i], steps[i + 1].Split(' ')[0], way);
                        Assert.Equal("End", result.Plan!.Nodes[result.Plan.IndexOf(steps[^1])].Type);
                    }
                },
                iter: 1_000
            );
    }

    /// <summary>A flow of many calls that all fail open costs what its size is, and is answered in full.</summary>
    [Fact]
    public void Compile_ThousandsOfCallsThatFailOpen_AreAnsweredInFull()
    {
        const int Count = 5_000;
        var activities = new StringBuilder("""{ "id": "u", "type": "SetUser", "user": { "userId": "x" } }, { "id": "e", "type": "End" }""");
        var connections = new StringBuilder("""{ "source": "u", "port": "Done", "target": "n0" }""");
        for (var i = 0; i < Count; i++)
        {
            activities.Append($$""", { "id": "n{{i}}", "type": "Ask", "errorHandling": { "Refused": "ignore" } }""");
            connections.Append($$""", { "source": "n{{i}}", "port": "Success", "target": "{{(i + 1 < Count ? $"n{i + 1}" : "e")}}" }""");
        }
        var json = $$"""{ "id": "f", "start": "u", "activities": [ {{activities}} ], "connections": [ {{connections}} ] }""";
        var plan = Compile(json);

        Assert.Equal(DiagnosticBag.MaxProblems, plan.Diagnostics.Count(problem => problem.Code == "flow.fails_open"));
        Assert.Contains("n0 -Refused (ignored)-> n1 -Success-> ", plan.Diagnostics[0].Message, StringComparison.Ordinal);
        Assert.Contains(" … -> ", plan.Diagnostics[0].Message, StringComparison.Ordinal);
        Assert.InRange(plan.ProofSteps, Count, 100 * Count);
    }

    private static void AssertIsConnected(FlowPlan plan, string from, string to, string way)
    {
        // An arrow without a name stands for a part that is left out.
        if (from.StartsWith('…') || to.StartsWith('…'))
            return;
        Assert.Contains(' ', from);
        var space = from.IndexOf(' ', StringComparison.Ordinal);
        var node = plan.Nodes[plan.IndexOf(from[..space])];
        var label = from.Length > space + 2 ? from[(space + 2)..] : "";
        var port = Array.FindIndex(node.Outcomes, outcome => label == outcome);
        if (label.EndsWith("(ignored)", StringComparison.Ordinal))
            port = 0;
        if (label.EndsWith("(back to the screen)", StringComparison.Ordinal))
            Assert.NotNull(plan.Nodes[plan.IndexOf(to)].Screen);
        else if (node.Restarts)
            Assert.Equal(plan.Start, plan.IndexOf(to));
        else
            Assert.True(port >= 0 && node.Targets[port] == plan.IndexOf(to), way);
    }

    private static string Rule(string key, string @operator, string? value) =>
        $$"""{ "key": "{{key}}", "operator": "{{@operator}}"{{(value is null ? "" : $", \"value\": {value}")}} }""";

    private static CompilationResult Compile(string json) =>
        // As a published one, so that paths without a value are told of, and the rest is looked at all the same.
        FlowCompiler.Compile(
            Corpus.Read(FlowValue.Parse(json)),
            new CompilationEnvironment
            {
                Activities = new ActivityCatalog(
                    ActivityType.Of<Ask, AskSettings>((settings, compilation) => new Ask(settings, compilation))
                ),
            },
            version: 1
        );

    private static string Flow(int[] shape, int[] targets)
    {
        var at = 0;
        int Next(int below) => shape[at++ % shape.Length] % below;
        var count = 3 + Next(6);
        var asks = new List<int>();
        var kinds = new int[count];
        for (var i = 1; i < count; i++)
        {
            kinds[i] = i == 1 ? 1 : Next(8);
            if (kinds[i] is 1 or 2)
                asks.Add(i);
        }
        var activities = new List<string> { """{ "id": "n0", "type": "Screen", "screen": "s" }""" };
        var ports = new List<(string Source, string Port)> { ("n0", "a"), ("n0", "b") };
        string KeyOf(int ask) => ask % 3 == 0 ? "shared" : $"n{ask}";
        for (var i = 1; i < count; i++)
        {
            var id = $"n{i}";
            switch (kinds[i])
            {
                case 1 or 2:
                    var (refused, silent) = (Modes[Next(3)], Modes[Next(3)]);
                    var (isNamed, keeps) = (Next(4) == 0, Next(4) == 0);
                    activities.Add(
                        $$"""
                        { "id": "{{id}}", "type": "Ask", "named": {{(isNamed ? "true" : "false")}}, "keeps": {{(keeps ? "true" : "false")}},
                          "contextKey": "{{KeyOf(i)}}", "errorHandling": { "Refused": "{{refused}}", "Silent": "{{silent}}" } }
                        """
                    );
                    ports.Add((id, "Success"));
                    if (isNamed)
                        ports.Add((id, "Not found"));
                    if (refused == "custom")
                        ports.Add((id, "Refused"));
                    if (silent == "custom")
                        ports.Add((id, "Silent"));
                    break;

                case 3
                or 4:
                    var branches = Enumerable
                        .Range(0, 1 + Next(2))
                        .Select(j => $$"""{ "outcome": "b{{j}}", "rules": [ {{AnyRule()}} ] }""")
                        .ToList();
                    activities.Add($$"""{ "id": "{{id}}", "type": "Condition", "branches": [ {{string.Join(',', branches)}} ] }""");
                    ports.AddRange(branches.Select((_, j) => (id, $"b{j}")));
                    ports.Add((id, "Else"));
                    break;

                case 5:
                    activities.Add($$"""{ "id": "{{id}}", "type": "Restart" }""");
                    break;

                case 6:
                    activities.Add($$"""{ "id": "{{id}}", "type": "Screen", "screen": "s" }""");
                    ports.AddRange([(id, "a"), (id, "b")]);
                    break;

                default:
                    activities.Add($$"""{ "id": "{{id}}", "type": "SetUser", "user": { "userId": "{{UserId()}}" } }""");
                    ports.Add((id, "Done"));
                    break;
            }
        }
        activities.Add("""{ "id": "user", "type": "SetUser", "user": { "userId": "x" } }""");
        activities.Add("""{ "id": "end", "type": "End" }""");
        activities.Add("""{ "id": "no", "type": "End", "kind": "refused" }""");
        ports.Add(("user", "Done"));
        var connections = ports.Select(
            (port, i) =>
            {
                var target = targets[i % targets.Length] % (count + 6);
                var to =
                    port.Source == "user" ? "end"
                    : target < count ? $"n{target}"
                    : target < count + 2 ? "user"
                    : target < count + 4 ? "end"
                    : "no";
                return $$"""{ "source": "{{port.Source}}", "port": "{{port.Port}}", "target": "{{to}}" }""";
            }
        );
        return $$"""
            { "id": "f", "start": "n0", "activities": [ {{string.Join(",\n", activities)}} ], "connections": [ {{string.Join(
                ",\n",
                connections
            )}} ],
              "screens": [ { "id": "s", "components": [ { "type": "Button", "id": "a" }, { "type": "Button", "id": "b" } ] } ] }
            """;

        string UserId() => Next(2) == 0 ? "x" : $"{{{{connectors.{KeyOf(asks[Next(asks.Count)])}.body}}}}";

        string AnyRule()
        {
            var kind = Next(6);
            return kind > 1 ? OneRule() : $$"""{ "match": "{{(kind == 0 ? "all" : "any")}}", "rules": [ {{OneRule()}}, {{OneRule()}} ] }""";
        }

        string OneRule()
        {
            var ask = asks[Next(asks.Count)];
            return Rules[Next(Rules.Length)]
                .Replace(".K", $".{KeyOf(ask)}", StringComparison.Ordinal)
                .Replace("\"N\"", $"\"n{ask}\"", StringComparison.Ordinal);
        }
    }

    /// <summary>Per run: goes through a flow as luck has it, and knows which failures nothing named.</summary>
    private sealed class ObservedRun(FlowPlan plan, int[] luck)
    {
        private readonly Dictionary<string, FlowValue> _unnamed = new(StringComparer.Ordinal);
        private HashSet<string> _beforeScreen = new(StringComparer.Ordinal);
        private bool _knownBeforeScreen;
        private int _seen;
        private int _next;

        /// <summary>The ids of the calls that failed and were not named.</summary>
        public List<string> Unnamed => [.. _unnamed.Keys];

        public List<string> Path { get; } = [];

        public bool HasFailed { get; private set; }

        public bool HasToken { get; private set; }

        public async ValueTask GoAsync()
        {
            var services = RunServices.Default with
            {
                Trace = true,
                Replies = new LuckyReplies(this),
                AfterStep = (run, _) =>
                {
                    Look(run);
                    return ValueTask.CompletedTask;
                },
            };
            var run = FlowRun.Start(plan, new RunStart { Client = FlowValue.From(FlowObject.Empty) }, services);
            await FlowExecutor.AdvanceAsync(run, CancellationToken.None);
            for (var i = 0; i < MaxSubmissions && run.Status == RunStatus.Waiting; i++)
            {
                Look(run);
                _beforeScreen = [.. _unnamed.Keys];
                _knownBeforeScreen = IsKnown(run);
                await FlowExecutor.SubmitAsync(
                    run,
                    new ScreenSubmission(Next(2) == 0 ? "a" : "b", FlowValue.From(FlowObject.Empty)),
                    CancellationToken.None
                );
            }
            Look(run);
            HasToken = run.Status == RunStatus.Completed && IsKnown(run);
        }

        public int Next(int below) => luck[_next++ % luck.Length] / 7 % below;

        private static bool IsKnown(FlowRun run) => !run.Context.Get(ContextRoot.User).Get("userId").IsNothing;

        private void Look(FlowRun run)
        {
            for (; _seen < run.TraceSteps!.Count; _seen++)
                Look(run, run.TraceSteps[_seen]);
        }

        private void Look(FlowRun run, TraceStep step)
        {
            Path.Add($"{step.Activity}-{step.Error?.Code}{step.Outcome}->");
            var node = plan.Nodes[plan.IndexOf(step.Activity)];
            if (node.Restarts)
            {
                // The last error outlives it: whether something asks for that, the proof may know.
                _unnamed.Clear();
            }
            else if (node.Activity.Branches.Count > 0 && step.Outcome is { } taken)
            {
                foreach (var failure in _unnamed.Keys.ToList())
                {
                    if (IsNamed(run, node, failure, taken))
                        _unnamed.Remove(failure);
                }
            }
            else if (node.ErrorRoutes.Length > 0)
            {
                _unnamed.Remove(step.Activity);
                if (step.Error is null)
                    return;
                HasFailed = true;
                var result = run.Context.Get(ContextRoot.Connectors).Get(KeyOf(node));
                if (step.Outcome is null)
                    TakeBack(run, step.Activity, result);
                else if (step.Outcome != "Not found")
                    _unnamed[step.Activity] = result;
            }
        }

        /// <summary>Back at the last screen, it is as it was there; unless it is known since then who the person is. What the call wrote is
        /// still there then, and a condition behind the screen may name the failure by it.</summary>
        private void TakeBack(FlowRun run, string failed, FlowValue result)
        {
            if (IsKnown(run) && !_knownBeforeScreen)
            {
                _unnamed[failed] = result;
                return;
            }
            foreach (var failure in _unnamed.Keys.Where(failure => !_beforeScreen.Contains(failure)).ToList())
                _unnamed.Remove(failure);
        }

        /// <summary>Whether the condition would have gone another way without the failure: with nothing in its place, and with a success
        /// that nobody had in mind.</summary>
        private bool IsNamed(FlowRun run, PlanNode node, string failure, string taken)
        {
            var key = KeyOf(plan.Nodes[plan.IndexOf(failure)]);
            var connectors = run.Context.Get(ContextRoot.Connectors);
            connectors.TryGetObject(out var results);
            var isThere = !_unnamed[failure].IsMissing && connectors.Get(key) == _unnamed[failure];
            var isLast = run.Context.Get(ContextRoot.Error).Get("activity").ToText() == failure;
            FlowValue[] others = isThere ? [FlowValue.Missing, FlowValue.Parse("""{ "statusCode": 250, "body": "~" }""")] : [default];
            return Array.TrueForAll(
                others,
                other =>
                    Decide(
                        node,
                        new Instead(
                            run.Context,
                            isThere ? FlowValue.From(Without(results!, key, other)) : connectors,
                            isLast ? FlowValue.Missing : run.Context.Get(ContextRoot.Error)
                        )
                    ) != taken
            );
        }

        private static FlowObject Without(FlowObject results, string key, FlowValue other)
        {
            var made = new FlowObjectBuilder();
            foreach (var (name, value) in results)
            {
                if (name != key)
                    made.Set(name, value);
            }
            if (!other.IsMissing)
                made.Set(key, other);
            return made.Build();
        }

        private static string Decide(PlanNode node, ReadContext context)
        {
            FlowError? failure = null;
            var taken = 0;
            while (
                taken < node.Activity.Branches.Count && !node.Activity.Branches[taken].Holds(context, ref failure, CancellationToken.None)
            )
                taken++;
            return node.Outcomes[taken];
        }

        private static string KeyOf(PlanNode node) => ((Ask)node.Activity).ContextKey;
    }

    /// <summary>A context in which something else was answered.</summary>
    private sealed class Instead(RunContext context, FlowValue connectors, FlowValue error) : ReadContext
    {
        public override TimeProvider Time => context.Time;

        public override FlowValue Get(ContextRoot root) =>
            root == ContextRoot.Connectors ? connectors
            : root == ContextRoot.Error ? error
            : context.Get(root);

        public override void Warn(ErrorCode code, string message) { }

        internal override void Warn(ErrorCode code, ContextPath path) { }
    }

    private sealed class LuckyReplies(ObservedRun run) : ScriptedReplies(FlowValue.From(FlowObject.Empty))
    {
        private static readonly int[] Statuses = [200, 200, 200, 404, 404, 500, 500, 302, 0, 0];

        public override FlowValue Take(string activityId) => FlowValue.From(Statuses[run.Next(Statuses.Length)]);
    }

    public sealed class AskSettings
    {
        [Setting("Whether it has an outcome of its own for 404.")]
        public bool Named { get; set; }

        [Setting("Whether a failure leaves the result of before.")]
        public bool Keeps { get; set; }

        [Setting("Where the result is put.")]
        public string ContextKey { get; set; } = "";
    }

    /// <summary>Asks somebody who answers with a status, or not at all.</summary>
    [Activity("Ask", "Asks somebody.", Outcomes = ["Success"], ErrorEvents = ["Refused", "Silent"])]
    [Writes("connectors.{contextKey}.statusCode", "The status", Tells = Telling.Status)]
    [Writes("connectors.{contextKey}.body", "The answer", Tells = Telling.Answer)]
    [Writes("connectors.{contextKey}.error", "The error")]
    private sealed class Ask(AskSettings settings, ActivityCompilation compilation) : FlowActivity
    {
        private static readonly ErrorCode Refusal = new("test.refused", "No.", "Ask again.");
        private static readonly ErrorCode Silence = new("test.silent", "Nothing.", "Ask again.");
        private static readonly ValueShape Error = ValueShape.Object(
            ("event", ValueShape.Scalar),
            ("code", ValueShape.Scalar),
            ("message", ValueShape.Scalar)
        );

        private readonly bool _isNamed = settings.Named;
        private readonly bool _keeps = settings.Keeps;

        public string ContextKey { get; } = settings.ContextKey.Length > 0 ? settings.ContextKey : compilation.Definition.Id;

        public override IReadOnlyList<string>? Outcomes => _isNamed ? ["Success", "Not found"] : null;

        public override Fails FailsBy(int outcome) => outcome == 0 ? Fails.Never : Fails.Always;

        public override ContextWrites WritesByOutcome(int outcome) =>
            outcome == 0
                ? ContextWrites.Connector(ContextKey, ValueShape.Object(("statusCode", ValueShape.Scalar), ("body", ValueShape.Any)))
                : WritesByError(0);

        public override ContextWrites WritesByError(int errorEvent) =>
            _keeps ? ContextWrites.Nothing
            : errorEvent == 0
                ? ContextWrites.Connector(
                    ContextKey,
                    ValueShape.Object(("statusCode", ValueShape.Scalar), ("body", ValueShape.Any), ("error", Error))
                )
            : ContextWrites.Connector(ContextKey, ValueShape.Object(("error", Error)));

        public override FailureWays WaysByError(int errorEvent) =>
            errorEvent == 0
                ? new FailureWays(
                    [],
                    () => Enumerable.Range(100, 500).Where(status => status is < 200 or >= 300 && !(_isNamed && status == 404)),
                    () => Enumerable.Range(200, 100)
                )
                : new FailureWays([Silence.Code]);

        public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
        {
            context.Replies!.Take(context.ActivityId).TryGetInteger(out var status);
            var result = new FlowObjectBuilder();
            if (status > 0)
            {
                result.Set("statusCode", FlowValue.From(status));
                result.Set("body", FlowValue.From(status is 200 or 500 ? "yes" : "no"));
            }
            var (index, code) = status == 0 ? (1, Silence) : (0, Refusal);
            if (status != 200)
                result.Set(
                    "error",
                    FlowValue.Object([
                        ("event", FlowValue.From(index == 0 ? "Refused" : "Silent")),
                        ("code", FlowValue.From(code.Code)),
                        ("message", FlowValue.From(code.Meaning)),
                    ])
                );
            if (status == 200 || !_keeps)
                context.SetConnector(ContextKey, FlowValue.From(result.Build()));
            return new(
                status == 200 ? Outcome.Success
                : status == 404 && _isNamed ? Outcome.Handled(1, 0, FlowError.Of(code, code.Meaning))
                : Outcome.Error(index, FlowError.Of(code, code.Meaning))
            );
        }
    }
}

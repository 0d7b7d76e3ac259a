using FlowEngine.Attempts;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Tracing;
using FlowEngine.Workers;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Tests.Activities;

/// <summary>The setting <c>limit</c> of VerifyPassword and Condition (SPEC 6), over several runs that share a counter.</summary>
public sealed class AttemptGuardTests
{
    private const string Password =
        """{ "id": "it", "type": "VerifyPassword", "password": "{{client.password}}", "hash": "{{client.hash}}","""
        + """ "limit": { "key": "{{client.email}}", "tries": 3, "window": "PT15M" } }""";

    private const string Code = """
        { "id": "it", "type": "Condition", "limit": { "key": "{{client.email}}", "tries": 3 }, "branches": [
          { "outcome": "Right", "rules": [ { "key": "client.code", "operator": "equal", "value": "1234" } ] },
          { "outcome": "Old", "rules": [ { "key": "client.code", "operator": "equal", "value": "0000" } ] } ] }
        """;

    // Of "secret", each with a salt of its own; cheap, since what is tested is who is counted.
    private const string Hash = "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";
    private const string AnotherHash = "$2b$04$bcdefghijklmnopqrstuvuyIl.648leYC3mBpSskgDBeBeS9V.5kq";
    private const string AThirdHash = "$2b$04$cdefghijklmnopqrstuvwueG/MRAruex1kjszg1OK6qpkVA8LpzPC";

    private readonly FakeTimeProvider _time = new();
    private readonly InProcessAttempts _attempts = new();

    [Fact]
    public async Task Password_TooManyTries_IsLockedTheRightOneToo()
    {
        Assert.Equal(["No Match", "No Match", "No Match", "Locked"], await TriesAsync("ada", "a", "b", "c", "d"));
        Assert.Equal(["Locked"], await TriesAsync("ada", "secret"));
        Assert.Equal(["Match"], await TriesOfAsync("grace", AnotherHash, "secret"));

        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(["Match"], await TriesAsync("ada", "secret"));
    }

    [Fact]
    public async Task Password_ForNobody_IsLockedAlike()
    {
        Assert.Equal(["No Match", "No Match", "No Match", "Locked"], await TriesOfAsync("nobody", null, "a", "b", "c", "d"));
    }

    [Fact]
    public async Task Password_AMatch_ForgetsTheFailures()
    {
        Assert.Equal(
            ["No Match", "No Match", "Match", "No Match", "No Match", "Match"],
            await TriesAsync("ada", "a", "b", "secret", "c", "d", "secret")
        );
    }

    [Fact]
    public async Task Password_SpelledOtherwise_IsTheSameAccount()
    {
        foreach (var spelling in (string[])["ada", "ADA", " ada "])
            Assert.Equal(["No Match"], await TriesAsync(spelling, "x"));
        Assert.Equal(["Locked"], await TriesAsync("Ada", "x"));
    }

    /// <summary>A database finds one row by endlessly many spellings: all of them are tries for the account.</summary>
    [Theory]
    [InlineData("jose", "jos\u00e9", "j\u00f6se", "jo\u00dfe")]
    [InlineData("ada", "a\u0001da", "ad\u0001a", "ada\u0001")]
    [InlineData("ada", "\uff41da", "a\u200bda", "a\u0301da")]
    public async Task Password_SpelledAsTheDatabaseTakesForTheSame_IsOneAccount(string first, string second, string third, string fourth)
    {
        foreach (var spelling in (string[])[first, second, third])
            Assert.Equal(["No Match"], await TriesAsync(spelling, "x"));
        Assert.Equal(["Locked"], await TriesAsync(fourth, "secret"));
        Assert.Equal(["Locked"], await TriesAsync(first, "secret"));
    }

    /// <summary>Where the database tells jose and jos\u00e9 apart, neither's sign-ins clear or lock the other's.</summary>
    [Fact]
    public async Task Password_OfALookAlikeAccount_NeitherForgetsNorLocks()
    {
        var attackers = AnotherHash;
        Assert.Equal(["No Match", "No Match"], await TriesAsync("jose", "a", "b"));
        Assert.Equal(["Match"], await TriesOfAsync("jos\u00e9", attackers, "secret"));
        Assert.Equal(["No Match", "Locked"], await TriesAsync("jose", "c", "d"));

        Assert.Equal(["No Match", "No Match", "No Match", "Locked"], await TriesOfAsync("and\u00e9", attackers, "a", "b", "c", "d"));
        Assert.Equal(["Match"], await TriesOfAsync("ande", AThirdHash, "secret"));
    }

    /// <summary>Where the database tells case apart: the text's counter is shared, the account's is not.</summary>
    [Fact]
    public async Task Password_OfAnAccountOfOtherCase_DoesNotForgetTheAccountsTries()
    {
        var attackers = AnotherHash;
        Assert.Equal(["No Match", "No Match"], await TriesAsync("jose", "a", "b"));
        Assert.Equal(["Match"], await TriesOfAsync("JOSE", attackers, "secret"));
        Assert.Equal(["No Match", "Locked"], await TriesAsync("jose", "c", "d"));
    }

    /// <summary>What marks accounts that cannot sign in is no account: no counter is theirs together.</summary>
    [Fact]
    public async Task Password_UnusableHash_IsNobodysAccount()
    {
        Assert.Equal(["No Match", "No Match", "No Match", "Locked"], await TriesOfAsync("ada", "disabled", "a", "b", "c", "d"));
        Assert.Equal(["No Match"], await TriesOfAsync("grace", "disabled", "a"));
    }

    /// <summary>Overload locks nobody: what was not compared is no try, for the text and for the account.</summary>
    [Fact]
    public async Task Password_NotCompared_IsTakenBack()
    {
        using var gate = new ManualResetEventSlim();
        var full = new FairWorkers("full", 1, 0);
        var held = full.RunAsync("another", () => gate.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), default);
        var services = Services() with { PasswordWorkers = full };
        var plan = Plan(Password, "Match", "No Match", "Locked");
        foreach (var name in (string[])["ada", "ada", "ada", "ad\u00e1", "\uff41da"])
            Assert.Equal("password.busy", (await TestFlow.RunAsync(plan, Client(name, "x", Hash), services)).Failure!.Code);
        gate.Set();
        await held;

        Assert.Equal(["No Match", "No Match", "Match"], await TriesAsync("ada", "a", "b", "secret"));
    }

    [Fact]
    public async Task Password_CancelledWhileItWaits_IsTakenBack()
    {
        using var gate = new ManualResetEventSlim();
        var workers = new FairWorkers("own", 1, 1, maxWait: TimeSpan.FromHours(1));
        var held = workers.RunAsync("another", () => gate.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), default);
        for (var i = 0; i < 3; i++)
        {
            using var cancellation = new CancellationTokenSource();
            var run = TestFlow.RunAsync(
                Plan(Password, "Match", "No Match", "Locked"),
                Client("ada", "x", Hash),
                Services() with
                {
                    PasswordWorkers = workers,
                },
                cancellation.Token
            );
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        }
        gate.Set();
        await held;

        Assert.Equal(["No Match", "No Match", "Match"], await TriesAsync("ada", "a", "b", "secret"));
    }

    [Fact]
    public async Task Condition_NoThreadForItsScript_IsTakenBack()
    {
        var plan = Plan(
            """
            { "id": "it", "type": "Condition", "limit": { "key": "{{client.email}}", "tries": 2 },
              "branches": [ { "outcome": "Right", "rules": [ { "script": "[client.code].map(c => c).join('') === '1234'" } ] } ] }
            """,
            "Right",
            "Else",
            "Locked"
        );
        using var gate = new ManualResetEventSlim();
        var scripts = new ScriptWorkers(1, 0);
        var held = scripts.RunAsync("other", () => gate.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), default);
        for (var i = 0; i < 3; i++)
            Assert.Equal(
                "script.busy",
                (await TestFlow.RunAsync(plan, Client("ada", "1", null), Services() with { Scripts = scripts })).Failure!.Code
            );
        gate.Set();
        await held;

        Assert.Equal("Else", await CodeAsync(plan, "1"));
        Assert.Equal("Else", await CodeAsync(plan, "1"));
        Assert.Equal("Locked", await CodeAsync(plan, "1234"));
    }

    [Fact]
    public async Task Condition_ItsFirstBranch_IsTakenBackAlone()
    {
        var plan = Plan(Code, "Right", "Old", "Else", "Locked");
        Assert.Equal("Old", await CodeAsync(plan, "0000"));
        Assert.Equal("Else", await CodeAsync(plan, "1"));
        for (var i = 0; i < 5; i++)
            Assert.Equal("Right", await CodeAsync(plan, "1234"));
        Assert.Equal("Else", await CodeAsync(plan, "2"));
        Assert.Equal("Locked", await CodeAsync(plan, "1234"));
    }

    /// <summary>Or a later branch that can be made to fail would make guesses at the first one free.</summary>
    [Fact]
    public async Task Condition_ThatFails_Counts()
    {
        var plan = Plan(
            """
            { "id": "it", "type": "Condition", "limit": { "key": "{{client.email}}", "tries": 2 },
              "branches": [ { "outcome": "Right", "rules": [ { "script": "client.code.x.y" } ] } ] }
            """,
            "Right",
            "Else",
            "Locked"
        );
        Assert.Equal("", await CodeAsync(plan, "1"));
        Assert.Equal("", await CodeAsync(plan, "1"));
        Assert.Equal("Locked", await CodeAsync(plan, "1"));
    }

    /// <summary>Counted before the answer: many at once are no way around it.</summary>
    [Fact]
    public async Task Password_ManyAtOnce_AreNotMoreThanAllowed()
    {
        var plan = Plan(Password, "Match", "No Match", "Locked");
        var ends = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => PasswordAsync(plan, "ada", "x" + i, Hash))));

        Assert.Equal(3, ends.Count(end => end == "No Match"));
        Assert.Equal(17, ends.Count(end => end == "Locked"));
    }

    [Fact]
    public async Task Limit_OtherFlow_CountsForItself()
    {
        await TriesAsync("ada", "a", "b", "c", "d");
        Assert.Equal("No Match", await PasswordAsync(Other(), "ada", "x", Hash));
    }

    [Fact]
    public async Task InProcess_SavedAndLoaded_KnowsTheSame()
    {
        var (limit, key) = (new AttemptLimit(1, TimeSpan.FromMinutes(1)), AttemptKey.OfAccount("f", "a", "Ada"));
        Assert.True(await _attempts.TryCountAsync([key], limit, _time.GetUtcNow(), TestContext.Current.CancellationToken));

        var again = new InProcessAttempts(FlowValue.Parse(_attempts.ToValue().ToJson()));
        Assert.False(await again.TryCountAsync([key], limit, _time.GetUtcNow(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task InProcess_ManyKeys_KeepsWhatIsLocked()
    {
        var limit = new AttemptLimit(1, TimeSpan.FromMinutes(1));
        var locked = AttemptKey.Of("f", "a", "locked");
        Assert.True(await _attempts.TryCountAsync([locked], limit, _time.GetUtcNow(), TestContext.Current.CancellationToken));
        for (var i = 0; i < 50_000; i++)
            Assert.True(
                await _attempts.TryCountAsync(
                    [AttemptKey.Of("f", "a", $"made up {i}")],
                    limit with
                    {
                        Tries = 2,
                    },
                    _time.GetUtcNow(),
                    TestContext.Current.CancellationToken
                )
            );

        Assert.False(await _attempts.TryCountAsync([locked], limit, _time.GetUtcNow(), TestContext.Current.CancellationToken));
        Assert.True(_attempts.ToValue().TryGetArray(out var known));
        Assert.InRange(known.Count, 1, 20_000);
    }

    private Task<string[]> TriesAsync(string email, params string[] passwords) => TriesOfAsync(email, Hash, passwords);

    private async Task<string[]> TriesOfAsync(string email, string? hash, params string[] passwords)
    {
        var plan = Plan(Password, "Match", "No Match", "Locked");
        var ends = new string[passwords.Length];
        for (var i = 0; i < ends.Length; i++)
            ends[i] = await PasswordAsync(plan, email, passwords[i], hash);
        return ends;
    }

    private Task<string> PasswordAsync(FlowPlan plan, string email, string password, string? hash) =>
        EndAsync(plan, Client(email, password, hash));

    private Task<string> CodeAsync(FlowPlan plan, string code) =>
        EndAsync(plan, FlowValue.From(FlowShape.Of("email", "code").With(FlowValue.From("ada"), FlowValue.From(code))));

    private static FlowValue Client(string email, string password, string? hash) =>
        FlowValue.From(
            FlowShape
                .Of("email", "password", "code", "hash")
                .With(FlowValue.From(email), FlowValue.From(password), FlowValue.From(password), FlowValue.From(hash))
        );

    private RunServices Services() =>
        new()
        {
            Trace = true,
            Time = _time,
            Attempts = _attempts,
        };

    private async Task<string> EndAsync(FlowPlan plan, FlowValue client)
    {
        var run = await TestFlow.RunAsync(plan, client, Services());
        Assert.DoesNotContain(
            client.Get("email").ToText().Trim(),
            TraceWriter.ToValue(run.Trace!, new Redactor([])).ToJson(),
            StringComparison.Ordinal
        );
        return run.EndName ?? "";
    }

    private static FlowPlan Other() =>
        FlowCompiler
            .Compile(
                FlowValue.From(Plan(Password, "Match", "No Match", "Locked").Definition.Json.With("id", FlowValue.From("other"))),
                new CompilationEnvironment()
            )
            .Plan!;

    private static FlowPlan Plan(string activity, params string[] outcomes) => TestFlow.Plan(activity, outcomes);
}

using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FlowEngine.Bench.Faults;

/// <summary>Stateless: the ways to sign in. Each goes on until it has the right token, or a clear refusal.</summary>
internal static partial class Visits
{
    /// <summary>How many screens one login may take: more is going round in circles.</summary>
    private const int MostScreens = 12;

    private const string App = "https://app.example/callback";

    /// <summary>Two screens, two calls that change something, through the flow API.</summary>
    public static Task ApiAsync(Stage stage, Door door, Login login) => ApiAsync(stage, door, login, "visit");

    /// <summary>The same, stored after each activity.</summary>
    public static Task StepsAsync(Stage stage, Door door, Login login) => ApiAsync(stage, door, login, "steps");

    /// <summary>A subflow that calls, and two calls at once.</summary>
    public static Task ComposedAsync(Stage stage, Door door, Login login) => ApiAsync(stage, door, login, "compose");

    /// <summary>A call that nobody waits for.</summary>
    public static Task NotifyAsync(Stage stage, Door door, Login login) => ApiAsync(stage, door, login, "notify");

    /// <summary>Begins with the first screen filled in.</summary>
    public static async Task StartedAsync(Stage stage, Door door, Login login)
    {
        var (email, turn) = ($"{login.Person}@example.com", ++login.Turn);
        var start = new Call(HttpMethod.Post, "/v1/flow/start")
        {
            Json = $$"""
                { "flowId": "visit", "options": { "client": {} }, "interactionId": "submit",
                  "input": { "email": "{{email}}", "attempt": "{{login.Attempt}}", "turn": "{{turn}}" } }
                """,
            Key = login.Key,
        };
        await GoOnAsync(stage, door, login, await door.AskAsync(login, start));
    }

    /// <summary>A program that runs a flow by the management API.</summary>
    public static async Task ManagedAsync(Stage stage, Door door, Login login)
    {
        var reply = await door.AskAsync(
            login,
            new Call(HttpMethod.Post, "/v1/mgmt/flow/run")
            {
                Json = $$"""
                { "flowId": "batch", "options": { "input": { "email": "{{login.Person}}@example.com", "attempt": "{{login.Attempt}}" } } }
                """,
                Bearer = Stage.ManagementKey,
                Key = login.Key,
            }
        );
        if (reply.Status != 200)
            stage.Ledger.Refuse($"{reply.Status} {reply["errorCode"]}");
        else if (
            reply["output", "person"] != login.Person
            || reply["output", "region"] != login.Region
            || reply["output", "attempt"] != login.Attempt
        )
            stage.Ledger.Mistake("a run with another's outputs");
        else
            stage.Ledger.Complete();
    }

    /// <summary>The hosted screens, without JavaScript, and the exchange of their code.</summary>
    public static async Task HostedAsync(Stage stage, Door door, Login login)
    {
        var begun = await door.AskAsync(
            login,
            new Call(
                HttpMethod.Get,
                $"/login/visit?redirect_uri={Uri.EscapeDataString(App)}&code_challenge={Challenge}&code_challenge_method=S256"
            )
        );
        if (begun.Status != (int)HttpStatusCode.SeeOther || begun.Location is not { } path || begun.Cookie is not { } cookie)
            throw new LostException($"the first page was {begun.Status}");
        for (var screens = 0; screens < MostScreens; screens++)
        {
            var page = await door.AskAsync(login, new Call(HttpMethod.Get, path) { Cookie = cookie });
            if (page.Status is 404 or 410)
            {
                Expire(stage, $"the page of a login was {page.Status}");
                return;
            }
            var turn = ++login.Turn;
            var sent = await door.AskAsync(login, new Call(HttpMethod.Post, path) { Cookie = cookie, Form = FormOf(page, login, turn) });
            if (sent.Cookie is { } kept)
                cookie = $"{cookie.Split("; ")[0]}; {kept}";
            if (sent.Location is { } next && next.StartsWith(App, StringComparison.Ordinal))
            {
                await ExchangeAsync(stage, door, login, CodeIn().Match(next).Groups[1].Value);
                return;
            }
            await Crowd.PauseAsync();
        }
        throw new LostException("the pages went round in circles");
    }

    /// <summary>A login, and its tokens.</summary>
    public static async Task<Reply> EnterAsync(Stage stage, Door door, Login login)
    {
        var at = await BeginAsync(door, login, "visit");
        return await GoOnAsync(stage, door, login, at);
    }

    private static async Task ApiAsync(Stage stage, Door door, Login login, string flow) =>
        await GoOnAsync(stage, door, login, await BeginAsync(door, login, flow));

    private static Task<Reply> BeginAsync(Door door, Login login, string flow) =>
        door.AskAsync(
            login,
            new Call(HttpMethod.Post, "/v1/flow/start")
            {
                Json = $$"""{ "flowId": "{{flow}}", "options": { "client": {} } }""",
                Key = login.Key,
            }
        );

    private static async Task<Reply> GoOnAsync(Stage stage, Door door, Login login, Reply at)
    {
        for (var screens = 0; screens < MostScreens; screens++)
        {
            if (at.Status == 404)
                throw new LostException("a login that was shown a screen is unknown");
            if (at.Status != 200)
            {
                stage.Ledger.Refuse($"{at.Status} {at["errorCode"]}");
                return at;
            }
            if (at["error", "code"] == "run.expired")
            {
                Expire(stage, "a login has expired");
                return at;
            }
            if (at["status"] == "completed")
            {
                await CheckAsync(stage, login, at["authInfo", "sessionJwt"], at["executionId"]);
                return at;
            }
            if (at["status"] != "waiting")
            {
                stage.Ledger.Refuse($"{at["status"]} {at["error", "code"]}");
                return at;
            }
            if (at["error", "code"] is { Length: > 0 } code)
                stage.Ledger.Show(code);
            await Crowd.PauseAsync();
            var turn = ++login.Turn;
            at = await door.AskAsync(
                login,
                new Call(HttpMethod.Post, "/v1/flow/next")
                {
                    Json = $$"""
                    { "executionId": "{{at["executionId"]}}", "stepId": "{{at["stepId"]}}", "interactionId": "submit",
                      "input": {{InputOf(at, login, turn)}} }
                    """,
                }
            );
        }
        throw new LostException($"the screens went round in circles, at {at["stepName"]} with {at["error", "code"]}");
    }

    /// <summary>What the person fills in: the second screen asks for nothing but that it can be told apart.</summary>
    private static string InputOf(Reply at, Login login, int turn) =>
        at["screen", "id"] == "sign-in"
            ? $$"""{ "email": "{{login.Person}}@example.com", "attempt": "{{login.Attempt}}", "turn": "{{turn}}" }"""
            : $$"""{ "turn": "{{turn}}" }""";

    private static Dictionary<string, string> FormOf(Reply page, Login login, int turn)
    {
        var form = new Dictionary<string, string>
        {
            ["fe.step"] = StepIn().Match(page.Text).Groups[1].Value,
            ["fe.token"] = TokenIn().Match(page.Text).Groups[1].Value,
            ["fe.do"] = "submit",
            ["turn"] = $"{turn}",
        };
        if (page.Text.Contains("name=\"email\"", StringComparison.Ordinal))
            (form["email"], form["attempt"]) = ($"{login.Person}@example.com", login.Attempt);
        return form;
    }

    private static async Task ExchangeAsync(Stage stage, Door door, Login login, string code)
    {
        var grant = await door.AskAsync(
            login,
            new Call(HttpMethod.Post, "/v1/auth/code/exchange")
            {
                Json = $$"""{ "code": "{{code}}", "redirectUri": "{{App}}", "codeVerifier": "{{Verifier}}" }""",
            }
        );
        // A code is good once: whose answer was cut off begins anew.
        if (grant.Status == 400)
            stage.Ledger.Refuse("the code was spent on an answer that was cut off");
        else
            await CheckAsync(stage, login, grant["authInfo", "sessionJwt"], grant["executionId"]);
    }

    private static async Task CheckAsync(Stage stage, Login login, string token, string run)
    {
        if (await stage.Tokens.ProblemOfAsync(token, login, run) is { } problem)
            stage.Ledger.Mistake(problem);
        else
            stage.Ledger.Complete();
    }

    private static void Expire(Stage stage, string what)
    {
        if (!stage.Scenario.MayExpire)
            throw new LostException(what);
        stage.Ledger.Refuse("expired");
    }

    private static readonly string Verifier = new('v', 43);

    private static readonly string Challenge = System.Buffers.Text.Base64Url.EncodeToString(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Verifier))
    );

    [GeneratedRegex("name=\"fe.step\" value=\"([^\"]*)\"")]
    private static partial Regex StepIn();

    [GeneratedRegex("name=\"fe.token\" value=\"([^\"]*)\"")]
    private static partial Regex TokenIn();

    [GeneratedRegex("[?&]code=([^&]*)")]
    private static partial Regex CodeIn();
}

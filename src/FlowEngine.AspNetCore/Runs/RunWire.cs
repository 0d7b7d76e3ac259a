using System.Globalization;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>Stateless: requests and answers as UTF-8 JSON: what travels to a grain and
/// back, and what is stored beside a run. It may hold tokens and passwords.</summary>
internal static class RunWire
{
    /// <summary>A request.</summary>
    public static byte[] Write(RunRequest request)
    {
        var json = new FlowObjectBuilder(8);
        json.Set("flow", FlowValue.From(request.FlowId));
        json.Set("client", request.Client);
        json.Set("device", request.Device);
        json.Set("interaction", FlowValue.From(request.InteractionId));
        json.Set("input", request.Input);
        json.Set("browser", FlowValue.From(request.BrowserKey));
        json.Set("locale", FlowValue.From(request.Locale));
        json.Set("return", Write(request.Return));
        if (request.Version is { } version)
            json.Set("version", FlowValue.From(version));
        if (request.IsUnattended)
            json.Set("unattended", FlowValue.True);
        if (request.HasKey)
            json.Set("key", FlowValue.True);
        if (request.KeptUntil is { } until)
            json.Set("kept", FlowValue.From(until.ToUnixTimeMilliseconds()));
        return JsonWriting.ToUtf8(FlowValue.From(json.Build()));
    }

    /// <summary>Reads what <see cref="Write(RunRequest)"/> wrote.</summary>
    public static RunRequest ReadRequest(byte[] utf8)
    {
        var json = JsonReading.Parse(utf8);
        return new RunRequest
        {
            FlowId = json.Get("flow").ToText(),
            Version = json.Get("version").TryGetInteger(out var version) ? (int)version : null,
            Client = json.Get("client"),
            Device = json.Get("device"),
            InteractionId = TextOf(json, "interaction"),
            Input = json.Get("input"),
            BrowserKey = TextOf(json, "browser"),
            Locale = TextOf(json, "locale"),
            Return = ReadReturn(json.Get("return")),
            IsUnattended = json.Get("unattended") == FlowValue.True,
            HasKey = json.Get("key") == FlowValue.True,
            KeptUntil = json.Get("kept").TryGetInteger(out var until) ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null,
        };
    }

    /// <summary>An answer; an empty array stands for none.</summary>
    public static byte[] Write(RunAnswer? answer)
    {
        if (answer is null)
            return [];
        var json = new FlowObjectBuilder(12);
        json.Set("id", FlowValue.From(answer.ExecutionId));
        json.Set("flow", FlowValue.From(answer.FlowId));
        json.Set("step", FlowValue.From(answer.StepId));
        json.Set("name", FlowValue.From(answer.StepName));
        json.Set("status", FlowValue.From(answer.Status.ToName()));
        json.Set("locale", FlowValue.From(answer.Locale));
        Set("screen", answer.Screen);
        Set("problems", InputProblem.ToValue(answer.Wording.Problems));
        if (answer.Wording.Filled.Count > 0)
            json.Set("filled", FlowValue.Array(answer.Wording.Filled.Select(text => text.ToValue())));
        Set("user", answer.User);
        Set("claims", answer.Claims);
        Set("output", answer.Output);
        if (answer.Message.Length > 0)
            json.Set("message", FlowValue.From(answer.Message));
        if (answer.TellsOfError)
            json.Set("tells", FlowValue.True);
        if (answer.Return is not null)
            json.Set("return", Write(answer.Return));
        if (answer.Code is not null)
            json.Set("code", FlowValue.From(answer.Code));
        if (answer.Error is { } error)
            json.Set("error", error.ToValue());
        if (answer.Tokens is { } tokens)
        {
            json.Set("session", FlowValue.From(tokens.SessionJwt));
            json.Set("refresh", FlowValue.From(tokens.RefreshJwt));
            json.Set("expires", FlowValue.From(tokens.SessionExpiration.ToString("O", CultureInfo.InvariantCulture)));
        }
        return JsonWriting.ToUtf8(FlowValue.From(json.Build()));

        void Set(string name, FlowValue value)
        {
            if (!value.IsMissing)
                json.Set(name, value);
        }
    }

    /// <summary>Reads what <see cref="Write(RunAnswer)"/> wrote.</summary>
    public static RunAnswer? ReadAnswer(byte[] utf8)
    {
        if (utf8.Length == 0)
            return null;
        var json = JsonReading.Parse(utf8);
        return new RunAnswer
        {
            ExecutionId = json.Get("id").ToText(),
            FlowId = json.Get("flow").ToText(),
            StepId = json.Get("step").ToText(),
            StepName = json.Get("name").ToText(),
            Status = RunStatusExtensions.FromName(json.Get("status").ToText()) ?? RunStatus.Failed,
            Locale = TextOf(json, "locale"),
            Screen = json.Get("screen"),
            Wording = ReadWording(json),
            User = json.Get("user"),
            Claims = json.Get("claims"),
            Output = json.Get("output"),
            Message = TextOf(json, "message") ?? "",
            TellsOfError = json.Get("tells") == FlowValue.True,
            Return = ReadReturn(json.Get("return")),
            Code = TextOf(json, "code"),
            Error = FlowError.FromValue(json.Get("error")),
            Tokens = TextOf(json, "session") is { } session
                ? new IssuedTokens(
                    session,
                    json.Get("refresh").ToText(),
                    DateTimeOffset.Parse(json.Get("expires").ToText(), CultureInfo.InvariantCulture)
                )
                : null,
        };
    }

    private static ScreenWording ReadWording(FlowValue json)
    {
        var problems = InputProblem.FromValue(json.Get("problems"));
        var filled = json.Get("filled").TryGetArray(out var texts) ? texts.Select(FilledText.FromValue).OfType<FilledText>().ToList() : [];
        return problems.Count == 0 && filled.Count == 0 ? ScreenWording.None : new ScreenWording(problems, filled);
    }

    private static FlowValue Write(LoginReturn? leadsTo)
    {
        if (leadsTo is null)
            return FlowValue.Null;
        var json = new FlowObjectBuilder(3);
        json.Set("uri", FlowValue.From(leadsTo.RedirectUri));
        json.Set("state", FlowValue.From(leadsTo.State));
        json.Set("challenge", FlowValue.From(leadsTo.CodeChallenge));
        return FlowValue.From(json.Build());
    }

    private static LoginReturn? ReadReturn(FlowValue json) =>
        json.IsNothing ? null : new LoginReturn(json.Get("uri").ToText(), TextOf(json, "state"), TextOf(json, "challenge"));

    private static string? TextOf(FlowValue json, string name) => json.Get(name).TryGetText(out var text) ? text : null;
}

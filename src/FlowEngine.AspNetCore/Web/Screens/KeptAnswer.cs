using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Screens;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>
/// Shared and immutable: what a refused submission shows on the page that follows its redirect: the notice, the message, and what was
/// entered but for secrets. The browser keeps it in a signed cookie for a minute,
/// so that a reload never submits anything again and no server has to remember it.
/// </summary>
/// <param name="Notice">A built-in text, or null.</param>
/// <param name="ErrorText">The message of the refusal, or "".</param>
/// <param name="Problems">What is wrong with the inputs; none when it is something else.</param>
/// <param name="Entered">What was entered, by name; missing for none.</param>
internal sealed record KeptAnswer(string? Notice, string ErrorText, IReadOnlyList<InputProblem> Problems, FlowValue Entered)
{
    private const string CookieName = "fe_kept";
    private const int MaxCookieLength = 3500;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    public static KeptAnswer Nothing { get; } = new(null, "", [], FlowValue.Missing);

    public void Give(HttpResponse response, string runPath, BrowserBinding browser)
    {
        var text = Write(this);
        if (text.Length > MaxCookieLength)
            text = Write(this with { Entered = FlowValue.Missing });
        if (text.Length <= MaxCookieLength)
            response.Cookies.Append(CookieName, $"{text}.{browser.Sign(text)}", BrowserBinding.CookieFor(response, runPath, Lifetime));
    }

    /// <summary>Takes what the browser kept, and has it forgotten.</summary>
    public static KeptAnswer Take(HttpContext http, string runPath, BrowserBinding browser)
    {
        if (!http.Request.Cookies.TryGetValue(CookieName, out var cookie))
            return Nothing;

        http.Response.Cookies.Append(CookieName, "", BrowserBinding.CookieFor(http.Response, runPath, TimeSpan.Zero));
        var dot = cookie.IndexOf('.', StringComparison.Ordinal);
        if (
            dot < 0
            || !CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(browser.Sign(cookie[..dot])),
                Encoding.UTF8.GetBytes(cookie[(dot + 1)..])
            )
        )
            return Nothing;
        try
        {
            var value = JsonReading.Parse(Base64Url.DecodeFromChars(cookie.AsSpan(0, dot)));
            return new KeptAnswer(
                value.Get("notice").TryGetText(out var notice) ? notice : null,
                value.Get("error").ToText(),
                InputProblem.FromValue(value.Get("problems")),
                value.Get("entered")
            );
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return Nothing;
        }
    }

    private static string Write(KeptAnswer answer)
    {
        var json = new FlowObjectBuilder(3);
        json.Set("notice", FlowValue.From(answer.Notice));
        json.Set("error", FlowValue.From(answer.ErrorText));
        if (InputProblem.ToValue(answer.Problems) is { IsMissing: false } problems)
            json.Set("problems", problems);
        json.Set("entered", answer.Entered);
        return Base64Url.EncodeToString(JsonWriting.ToUtf8(FlowValue.From(json.Build())));
    }
}

using System.Text;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Screens;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>
/// Stateless: <c>POST /flow-engine/strength</c>: how hard a new password is to guess, for pages that tell it while it is typed. The body is
/// plain text, a password and, each in a line of its own, what those know who guess. Nothing of it is kept or logged. A page of somebody
/// else may ask: it learns nothing that it does not know.
/// </summary>
internal static class PasswordMeter
{
    /// <summary>Where it is.</summary>
    public const string Path = "/flow-engine/strength";

    private const int MostBytes = 4 * 1024;

    /// <summary>Answers <c>{ "score": 0…4 }</c>; 413 where there is more than a password and a few lines.</summary>
    public static async Task AnswerAsync(HttpContext http)
    {
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        var buffer = new byte[MostBytes + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, http.RequestAborted);
        if (length > MostBytes)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        var lines = Encoding.UTF8.GetString(buffer, 0, length).Split('\n');
        var score = PasswordStrength.Of(lines[0], lines.Skip(1));
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.SendAsync(Encoding.UTF8.GetBytes($"{{\"score\":{score}}}"));
    }
}

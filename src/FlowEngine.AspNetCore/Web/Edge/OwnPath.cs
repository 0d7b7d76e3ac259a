using System.Text.RegularExpressions;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Stateless: the path of a host that FlowEngine is served under, such as <c>/auth</c>.</summary>
internal static partial class OwnPath
{
    /// <summary>Reads one. A slash at its end counts for nothing, and "" and "/" are the root: the empty path.</summary>
    /// <returns>A text and no PathString, so that commands which only check settings load nothing of the web; null for what is no
    /// path.</returns>
    public static string? Parse(string text)
    {
        var path = text.TrimEnd('/');
        return path.Length == 0 || Path().IsMatch(path) ? path : null;
    }

    /// <summary>What is wrong with a text that is none.</summary>
    public static string Problem(string text) =>
        $"'{text}' is no path such as /auth: each part begins with a slash and a letter or digit, "
        + "and has letters, digits, '.', '_', '~' and '-'.";

    // It is written into cookies, addresses and pages: nothing in it needs an escape, and no part of it is "..".
    [GeneratedRegex(@"\A(/[A-Za-z0-9][A-Za-z0-9._~-]*)+\z")]
    private static partial Regex Path();
}

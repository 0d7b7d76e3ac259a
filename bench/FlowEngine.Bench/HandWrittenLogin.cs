using System.Security.Cryptography;

namespace FlowEngine.Bench;

/// <summary>
/// The login flow as a programmer would write it by hand, without an engine: the same inputs checked, the same values fetched from stubs,
/// the same URL and header built and checked, the same results kept, the same claims made.
/// </summary>
internal static class HandWrittenLogin
{
    private static readonly Dictionary<string, object?> ProfileHeaders = new()
    {
        ["content-type"] = "application/json",
        ["x-region"] = "eu-central",
    };

    private static readonly Dictionary<string, object?> ProfileBody = new() { ["name"] = "Ada Lovelace", ["plan"] = "gold" };

    public static Login Run(string email)
    {
        if (email.Length is 0 or > 254 || !email.Contains('@', StringComparison.Ordinal))
            throw new ArgumentException("not an address", nameof(email));

        Span<byte> id = stackalloc byte[18];
        RandomNumberGenerator.Fill(id);
        var login = new Login(Convert.ToBase64String(id), DateTimeOffset.UnixEpoch);
        login.Form["email"] = email;

        var row = QueryUser(email);
        login.Connectors["db"] = new Dictionary<string, object?>
        {
            ["rows"] = new List<Dictionary<string, object?>> { row },
            ["first"] = row,
            ["rowCount"] = 1,
            ["affectedRows"] = 0,
            ["truncated"] = false,
        };

        var url = "http://127.0.0.1:5080/demo/api/users/" + Uri.EscapeDataString((string)row["id"]!);
        var headers = new Dictionary<string, string> { ["x-user-tier"] = CheckHeader((string)row["tier"]!) };
        var (status, body, answerHeaders) = CallProfile(url, headers);
        login.Connectors["profile"] = new Dictionary<string, object?>
        {
            ["statusCode"] = status,
            ["body"] = body,
            ["headers"] = answerHeaders,
        };

        if (status == 404)
            return login with { Screen = "user-not-found" };
        if (status == 429)
            return login with { Screen = "sign-in" };
        if (status is < 200 or > 299)
            return login with { Screen = "restart" };

        login.User["userId"] = row["id"];
        login.User["email"] = email;
        login.Claims["region"] = answerHeaders["x-region"];
        return login;
    }

    private static Dictionary<string, object?> QueryUser(string email) =>
        new() { ["id"] = "u-ada", ["tier"] = email.Length > 3 ? "gold" : "none" };

    private static (int Status, object? Body, Dictionary<string, object?> Headers) CallProfile(
        string url,
        Dictionary<string, string> headers
    ) => (url.Length > 0 && headers.Count == 1 ? 200 : 500, ProfileBody, ProfileHeaders);

    private static string CheckHeader(string value)
    {
        foreach (var c in value)
        {
            if (c is < ' ' and not '\t' or '\x7f')
                throw new ArgumentException("not a header value", nameof(value));
        }
        return value;
    }
}

/// <summary>What a login leaves behind.</summary>
internal sealed record Login(string Id, DateTimeOffset StartedAt)
{
    public string? Screen { get; init; }

    public Dictionary<string, object?> Form { get; } = [];

    public Dictionary<string, object?> Connectors { get; } = [];

    public Dictionary<string, object?> User { get; } = [];

    public Dictionary<string, object?> Claims { get; } = [];
}

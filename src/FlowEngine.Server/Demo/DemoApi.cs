using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Json;
using Microsoft.Extensions.Primitives;

namespace FlowEngine.Server.Demo;

/// <summary>Per process, thread-safe: the API that the sample flows call. All its
/// secrets are for the demo only and stand in the sample connectors.</summary>
internal sealed class DemoApi
{
    private const string ClientId = "demo-client";
    private const string ClientSecret = "demo-client-secret";
    private const string HmacSecret = "demo-hmac-secret";

    private readonly ConcurrentDictionary<string, string[]> _scopesByToken = new(StringComparer.Ordinal);

    /// <summary>Answers a request below <c>/demo</c>.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        ApiGuard.SetHeaders(http.Response.Headers, http.Request.IsHttps);
        var body = await ReadAsync(http.Request);
        var segments = (http.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var answer = segments switch
        {
            ["demo", "users", var id] => Profile(http, id),
            ["demo", "users"] => Problem(404, "There is no user without an id."),
            ["demo", "account"] => Account(http.Request),
            ["demo", "oauth", "token"] => Token(http, body),
            ["demo", "orders"] => Orders(http),
            ["demo", "events"] => SignedEvent(http.Request, body),
            ["demo", "echo"] => Echo(http.Request, body),
            ["demo", "prices", var sku] => Price(sku),
            ["demo", "stock", var sku] => Stock(sku),
            _ => Problem(404, "The demo API has no such address."),
        };
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/json";
        await http.Response.SendAsync(JsonWriting.ToUtf8(answer.Body));
    }

    private static Answer Profile(HttpContext http, string id)
    {
        var (name, region, plan) = id switch
        {
            "ada" => ("Ada Lovelace", "eu-west-1", "enterprise"),
            "grace" => ("Grace Hopper", "us-east-1", "team"),
            _ => ("", "", ""),
        };
        switch (id)
        {
            case "busy":
                http.Response.Headers.RetryAfter = "1";
                return Problem(429, "Too many requests.");
            case "broken":
                return Problem(500, "The profile service is broken.");
            case "ada" or "grace":
                http.Response.Headers["x-region"] = region;
                http.Response.Headers["x-plan"] = plan;
                http.Response.Headers["x-feature"] = new StringValues(["reports", "exports"]);
                return new Answer(
                    200,
                    FlowValue.Object(
                        ("id", FlowValue.From(id)),
                        ("name", FlowValue.From(name)),
                        ("tier", Header(http.Request, "x-user-tier"))
                    )
                );
            default:
                return Problem(404, "There is no such user.");
        }
    }

    /// <summary>Wants the person's own token, and their id in a header: what a database row supplies.</summary>
    private static Answer Account(HttpRequest request)
    {
        var id = request.Headers["x-user-id"].ToString();
        if (id.Length == 0 || request.Headers.Authorization != $"Bearer demo-token-{id}")
            return Problem(401, "The token is not that of the person named in x-user-id.");
        return new Answer(
            200,
            FlowValue.Object(("owner", FlowValue.From(id)), ("tier", Header(request, "x-user-tier")), ("balance", FlowValue.From(1250.75)))
        );
    }

    /// <summary>A token endpoint for client credentials (RFC 6749, 4.4), by HTTP Basic or in the body.</summary>
    private Answer Token(HttpContext http, byte[] body)
    {
        http.Response.Headers.CacheControl = "no-store";
        var form = Encoding
            .UTF8.GetString(body)
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => WebDecode(pair[0]), pair => pair.Length > 1 ? WebDecode(pair[1]) : "", StringComparer.Ordinal);
        var basic = http.Request.Headers.Authorization.ToString();
        var (id, secret) = (form.GetValueOrDefault("client_id", ""), form.GetValueOrDefault("client_secret", ""));
        if (basic.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(basic[6..])).Split(':', 2);
            (id, secret) = (WebDecode(pair[0]), WebDecode(pair.ElementAtOrDefault(1) ?? ""));
        }
        if (form.GetValueOrDefault("grant_type") != "client_credentials")
            return new Answer(400, FlowValue.Object(("error", FlowValue.From("unsupported_grant_type"))));
        if (id != ClientId || secret != ClientSecret)
            return new Answer(401, FlowValue.Object(("error", FlowValue.From("invalid_client"))));

        var token = RunId.New();
        var scope = form.GetValueOrDefault("scope", "");
        _scopesByToken[token] = scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new Answer(
            200,
            FlowValue.Object(
                ("access_token", FlowValue.From(token)),
                ("token_type", FlowValue.From("Bearer")),
                ("expires_in", FlowValue.From(300)),
                ("scope", FlowValue.From(scope))
            )
        );
    }

    private Answer Orders(HttpContext http)
    {
        var authorization = http.Request.Headers.Authorization.ToString();
        if (
            !authorization.StartsWith("Bearer ", StringComparison.Ordinal)
            || !_scopesByToken.TryGetValue(authorization[7..], out var scopes)
        )
        {
            http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return Problem(401, "The token is unknown.");
        }
        if (!scopes.Contains("orders:read"))
            return Problem(403, "The token lacks the scope orders:read.");
        return new Answer(
            200,
            FlowValue.Object(
                ("user", FlowValue.From(http.Request.Query["user"].ToString())),
                ("orders", FlowValue.Parse("""[{"id":"o-1","total":42.5},{"id":"o-2","total":7}]"""))
            )
        );
    }

    /// <summary>Verifies x-descope-webhook-s256 over METHOD, URI, HEADER_x-descope-timestamp and BODY, as docs/hmac.md describes.</summary>
    private static Answer SignedEvent(HttpRequest request, byte[] body)
    {
        var head = $"{request.Method}{request.Path}{request.QueryString}{request.Headers["x-descope-timestamp"]}";
        byte[] message = [.. Encoding.UTF8.GetBytes(head), .. body];
        var expected = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(HmacSecret), message));
        var given = request.Headers["x-descope-webhook-s256"].ToString();
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given))
            ? new Answer(202, FlowValue.Object(("accepted", FlowValue.True)))
            : Problem(401, "The signature is wrong.");
    }

    private static Answer Echo(HttpRequest request, byte[] body)
    {
        var headers = new FlowObjectBuilder();
        foreach (var (name, value) in request.Headers)
            headers.Set(name.ToLowerInvariant(), FlowValue.From(value.ToString()));
        var text = Encoding.UTF8.GetString(body);
        return new Answer(
            200,
            FlowValue.Object(
                ("method", FlowValue.From(request.Method)),
                ("uri", FlowValue.From($"{request.Path}{request.QueryString}")),
                ("headers", FlowValue.From(headers.Build())),
                (
                    "body",
                    request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true
                        ? Parsed(text)
                        : FlowValue.From(text)
                )
            )
        );
    }

    private static Answer Price(string sku) =>
        sku switch
        {
            "lamp" => new Answer(200, FlowValue.Object(("sku", FlowValue.From(sku)), ("price", FlowValue.From(49.9)))),
            "desk" => new Answer(200, FlowValue.Object(("sku", FlowValue.From(sku)), ("price", FlowValue.From(320)))),
            _ => Problem(404, "There is no such article."),
        };

    private static Answer Stock(string sku) =>
        sku switch
        {
            "lamp" => new Answer(200, FlowValue.Object(("sku", FlowValue.From(sku)), ("available", FlowValue.From(12)))),
            "desk" => new Answer(200, FlowValue.Object(("sku", FlowValue.From(sku)), ("available", FlowValue.From(0)))),
            _ => Problem(404, "There is no such article."),
        };

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        return buffer.ToArray();
    }

    private static FlowValue Parsed(string json)
    {
        try
        {
            return FlowValue.Parse(json);
        }
        catch (System.Text.Json.JsonException)
        {
            return FlowValue.From(json);
        }
    }

    private static string WebDecode(string text) => System.Net.WebUtility.UrlDecode(text);

    private static FlowValue Header(HttpRequest request, string name) => FlowValue.From(request.Headers[name].ToString());

    private static Answer Problem(int status, string message) => new(status, FlowValue.Object(("error", FlowValue.From(message))));

    private readonly record struct Answer(int Status, FlowValue Body);
}

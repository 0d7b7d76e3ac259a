using System.Net;
using System.Text.RegularExpressions;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.TestServers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FlowEngine.AspNetCore.Tests.Web.Management.Access;

/// <summary>Who may call what: every endpoint that is mapped, with every kind of credential.</summary>
public sealed partial class ApiAccessTests(SharedApiServer shared) : IClassFixture<SharedApiServer>
{
    /// <summary>The least role of each endpoint; "" for anybody. An endpoint
    /// that is not here, or has another rule, fails the test.</summary>
    private static readonly SortedDictionary<string, string> Rules = new(StringComparer.Ordinal)
    {
        ["GET /api/session"] = "",
        ["POST /api/session"] = "",
        ["DELETE /api/session"] = "viewer",
        ["POST /api/session/password"] = "viewer",
        ["POST /api/setup"] = "",
        ["GET /api/users"] = "admin",
        ["POST /api/users"] = "admin",
        ["PATCH /api/users/{name}"] = "admin",
        ["DELETE /api/users/{name}"] = "admin",
        ["GET /api/audit"] = "admin",
        ["GET /api/schema"] = "viewer",
        ["GET /api/flows"] = "viewer",
        ["POST /api/flows"] = "designer",
        ["GET /api/flows/{id}"] = "viewer",
        ["DELETE /api/flows/{id}"] = "designer",
        ["PUT /api/flows/{id}/draft"] = "designer",
        ["DELETE /api/flows/{id}/draft"] = "designer",
        ["POST /api/flows/validate"] = "viewer",
        ["POST /api/flows/{id}/publish"] = "designer",
        ["GET /api/flows/{id}/accepted"] = "viewer",
        ["GET /api/flows/{id}/versions"] = "viewer",
        ["GET /api/flows/{id}/versions/{version:int}"] = "viewer",
        ["POST /api/flows/{id}/versions/{version:int}/restore"] = "designer",
        ["GET /api/flows/{id}/diff"] = "viewer",
        ["POST /api/flows/diff"] = "viewer",
        ["GET /api/flows/{id}/export"] = "viewer",
        ["POST /api/flows/import"] = "designer",
        ["POST /api/flows/try"] = "designer",
        ["POST /api/flows/drill"] = "designer",
        ["POST /api/screens/preview"] = "designer",
        ["GET /api/connectors"] = "viewer",
        ["POST /api/connectors"] = "designer",
        ["GET /api/connectors/{id}"] = "viewer",
        ["PUT /api/connectors/{id}"] = "designer",
        ["DELETE /api/connectors/{id}"] = "designer",
        ["POST /api/connectors/validate"] = "viewer",
        ["POST /api/connectors/{id}/test"] = "designer",
        ["GET /api/environment"] = "viewer",
        ["POST /api/environment/plan"] = "designer",
        ["POST /api/environment/apply"] = "designer",
        ["GET /api/overview"] = "viewer",
        ["GET /api/flows/{id}/counts"] = "viewer",
        ["GET /api/egress"] = "viewer",
        ["GET /api/runs"] = "viewer",
        ["GET /api/runs/{id}"] = "viewer",
        ["GET /api/runs/{id}/case"] = "designer",
        ["POST /api/runs/{id}/cancel"] = "designer",
        ["GET /api/runs/search"] = "viewer",
        ["GET /api/calls"] = "viewer",
        ["POST /api/calls/{id}/retry"] = "designer",
        ["DELETE /api/calls/{id}"] = "designer",
    };

    private static readonly string[] Refusals = ["api.unauthorized", "api.forbidden", "api.csrf"];

    private ApiServer Server => shared.Server;

    [Fact]
    public void Endpoints_AllDeclareTheRuleThatIsWrittenHere()
    {
        var mapped = new SortedDictionary<string, string>(
            Endpoints()
                .ToDictionary(
                    endpoint => endpoint.Name,
                    endpoint =>
                        endpoint.Rule is null ? "no rule"
                        : endpoint.Rule.Role is { } role ? Roles.Name(role)
                        : ""
                ),
            StringComparer.Ordinal
        );

        Assert.Equal(Rules, mapped);
    }

    [Fact]
    public async Task Endpoints_WithEachCredential_AnswerOnlyThoseWhoMay()
    {
        var people = new Dictionary<string, Credential>(StringComparer.Ordinal)
        {
            ["viewer"] = await Server.PersonAsync("viewer@example.com", "viewer"),
            ["designer"] = await Server.PersonAsync("designer@example.com", "designer"),
            ["admin"] = await Server.PersonAsync("admin@example.com", "admin"),
        };

        foreach (var (name, least) in Rules)
        {
            var (method, path) = (
                name.Split(' ')[0],
                Parameter()
                    .Replace(name.Split(' ')[1], match => match.Value.Contains(":int", StringComparison.Ordinal) ? "1" : "no-such-thing")
            );

            Assert.Equal(least.Length == 0 ? "" : "api.unauthorized", await RefusalAsync(method, path, Credential.None));
            Assert.Equal(
                least.Length == 0 ? "" : "api.unauthorized",
                await RefusalAsync(method, path, new Credential(Bearer: new string('k', 48)))
            );
            Assert.Equal(
                least.Length == 0 ? "" : "api.unauthorized",
                await RefusalAsync(method, path, new Credential(Cookie: people["admin"].Cookie![..^4] + "AAAA", Csrf: people["admin"].Csrf))
            );
            Assert.Equal("", await RefusalAsync(method, path, Server.Key));
            Assert.Equal("", await RefusalAsync(method, path, Server.Key with { Bearer = "default:" + Server.Key.Bearer }));
            foreach (var role in people.Keys.ToArray())
            {
                var credential = people[role];
                var isAllowed = least.Length == 0 || Roles.Find(role) >= Roles.Find(least);
                Assert.Equal((name, role, isAllowed ? "" : "api.forbidden"), (name, role, await RefusalAsync(method, path, credential)));
                // Whoever signed out needs a new session.
                if (name == "DELETE /api/session")
                    people[role] = credential = await Server.SignInAsync($"{role}@example.com");
                foreach (
                    var csrf in new[]
                    {
                        null,
                        "",
                        "wrong",
                        people["viewer"].Csrf == credential.Csrf ? people["admin"].Csrf : people["viewer"].Csrf,
                    }
                )
                {
                    var refusal = await RefusalAsync(method, path, credential with { Csrf = csrf });
                    if (least.Length > 0)
                        Assert.Equal(
                            (
                                name,
                                role,
                                method == "GET"
                                    ? isAllowed
                                        ? ""
                                        : "api.forbidden"
                                    : "api.csrf"
                            ),
                            (name, role, refusal)
                        );
                }
            }
        }
    }

    /// <summary>The code of a refusal by the access rules; "" when the request got through
    /// to its endpoint, which then had something to say about it or not.</summary>
    private async Task<string> RefusalAsync(string method, string path, Credential credential)
    {
        var reply = await Server.SendAsync(method, path, method == "GET" ? null : "{}", credential);
        Assert.True((int)reply.Status < 500, $"{method} {path}: {reply.Text}");
        Assert.Equal(
            reply.Status,
            reply.Code switch
            {
                "api.unauthorized" => HttpStatusCode.Unauthorized,
                "api.forbidden" or "api.csrf" => HttpStatusCode.Forbidden,
                _ => reply.Status,
            }
        );
        return Refusals.Contains(reply.Code) ? reply.Code : "";
    }

    private IEnumerable<(string Name, AccessRule? Rule)> Endpoints() =>
        from endpoint in Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.OrdinalIgnoreCase)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select ($"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}", endpoint.Metadata.GetMetadata<AccessRule>());

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}

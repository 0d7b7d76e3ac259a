using System.Text.RegularExpressions;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Management.Reference;

/// <summary>Stateless: writes the OpenAPI 3.1 document of the endpoints that are mapped, from their descriptions.</summary>
internal static partial class OpenApiDocument
{
    private static readonly (Credential? Credential, FlowValue Value)[] Security =
    [
        (Credential.Management, ApiJson.Array(Requirement("managementKey"), Requirement("session", "csrf"))),
        (Credential.ManagementKey, ApiJson.Array(Requirement("managementKey"))),
        (Credential.RefreshToken, ApiJson.Array(Requirement("refreshToken"))),
    ];

    /// <summary>Method and path of each endpoint that is not excluded from the
    /// description, paths without constraints, and who may call it.</summary>
    public static IEnumerable<(string Method, string Path, AccessRule? Access)> Mapped(IEnumerable<Endpoint> endpoints) =>
        from endpoint in endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true }
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (
            method,
            "/" + Constraint().Replace(endpoint.RoutePattern.RawText ?? "", "}").Trim('/'),
            endpoint.Metadata.GetMetadata<AccessRule>()
        );

    /// <summary>The document.</summary>
    /// <param name="operations">The descriptions.</param>
    /// <param name="mapped">The endpoints; one without a description stands in the document without one.</param>
    /// <param name="version">The server's version.</param>
    /// <param name="root">The path that it is served under.</param>
    public static FlowValue Write(
        IEnumerable<ApiOperation> operations,
        IEnumerable<(string Method, string Path, AccessRule? Access)> mapped,
        string version,
        string root
    )
    {
        var access = mapped.DistinctBy(at => (at.Method, at.Path)).ToDictionary(at => (at.Method, at.Path), at => at.Access);
        // In the order of the descriptions, which is that of reading.
        var all = operations
            .Where(operation => access.ContainsKey((operation.Method, operation.Path)))
            .Select(operation => operation.For(access[(operation.Method, operation.Path)]?.Role))
            .ToList();
        all.AddRange(
            access
                .Keys.Except(all.Select(operation => (operation.Method, operation.Path)))
                .Select(at => new ApiOperation(at.Method, at.Path, "") { Group = "Other" })
                .ToList()
        );
        var paths = ApiJson.Object([
            .. all.GroupBy(operation => operation.Path)
                .Select(path => (path.Key, ApiJson.Object([.. path.Select(operation => (MethodName(operation), Operation(operation)))]))),
        ]);
        return ApiJson.Object(
            ("openapi", FlowValue.From("3.1.1")),
            (
                "info",
                ApiJson.Object(
                    ("title", FlowValue.From("FlowEngine")),
                    ("version", FlowValue.From(version)),
                    (
                        "description",
                        FlowValue.From(
                            "Login flows: their runs, tokens and management. Every error is problem details (RFC 9457) with a stable `errorCode`."
                        )
                    )
                )
            ),
            ("servers", ApiJson.Array(ApiJson.Object(("url", FlowValue.From(root))))),
            (
                "tags",
                ApiJson.Array(
                    all.Select(operation => operation.Group).Distinct().Select(group => ApiJson.Object(("name", FlowValue.From(group))))
                )
            ),
            ("paths", paths),
            (
                "components",
                ApiJson.Object(
                    ("schemas", Schemas(paths)),
                    (
                        "securitySchemes",
                        ApiJson.Object(
                            ("managementKey", Bearer("The management key, alone or as `projectId:key`.")),
                            ("refreshToken", Bearer("A refresh token, alone or as `projectId:token`.")),
                            (
                                "session",
                                ApiKey("cookie", "flowengine-console", "The console's session. Over HTTPS its name begins with `__Host-`.")
                            ),
                            (
                                "csrf",
                                ApiKey("header", "X-CSRF-Token", "The `csrfToken` of `GET /api/session`, on every request that is not GET.")
                            )
                        )
                    )
                )
            )
        );
    }

    /// <summary>The types that the endpoints use, and those that these use.</summary>
    private static FlowValue Schemas(FlowValue paths)
    {
        var schemas = ApiTypes.All.ToDictionary(type => type.Name, type => TypeText.Schema(type.Type));
        var used = new HashSet<string>();
        Add(paths);
        return ApiJson.Object([.. ApiTypes.All.Where(type => used.Contains(type.Name)).Select(type => (type.Name, schemas[type.Name]))]);

        void Add(FlowValue json)
        {
            foreach (Match reference in Reference().Matches(json.ToJson()))
            {
                if (used.Add(reference.Groups[1].Value))
                    Add(schemas[reference.Groups[1].Value]);
            }
        }
    }

    private static FlowValue Operation(ApiOperation operation)
    {
        var parameters = PathParameter()
            .Matches(operation.Path)
            .Select(match => Parameter("path", match.Groups[1].Value, true, TypeText.Schema("string")))
            .Concat(
                operation.Query is { } query
                    ? TypeText.Members(query).Select(member => Parameter("query", member.Name, member.IsRequired, member.Schema))
                    : []
            )
            .ToList();
        return ApiJson.Object(
            (
                "operationId",
                FlowValue.From(
                    MethodName(operation)
                        + string.Concat(
                            Word().Matches(operation.Path).Select(word => char.ToUpperInvariant(word.Value[0]) + word.Value[1..])
                        )
                )
            ),
            ("tags", ApiJson.Texts(operation.Group)),
            ("summary", FlowValue.From(operation.Summary)),
            ("description", operation.Description is { } description ? FlowValue.From(description) : FlowValue.Missing),
            (
                "security",
                Security.FirstOrDefault(known => known.Credential == operation.Credential) is { Value.IsMissing: false } known
                && operation.Credential is not null
                    ? known.Value
                    : FlowValue.Missing
            ),
            ("parameters", parameters.Count == 0 ? FlowValue.Missing : ApiJson.Array(parameters)),
            (
                "requestBody",
                operation.Body is { } body
                    ? ApiJson.Object(
                        ("required", FlowValue.From(operation.Credential != Credential.RefreshToken)),
                        ("content", Content("application/json", body))
                    )
                    : FlowValue.Missing
            ),
            ("responses", Responses(operation))
        );
    }

    private static FlowValue Responses(ApiOperation operation)
    {
        var answers = new List<(string, FlowValue)>
        {
            (
                operation.Status.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ApiJson.Object(
                    ("description", FlowValue.From("Done.")),
                    ("content", operation.Answer is { } answer ? Content(operation.AnswerType, answer) : FlowValue.Missing)
                )
            ),
        };
        foreach (var errors in operation.AllErrors.GroupBy(error => error.Status).OrderBy(errors => errors.Key))
        {
            answers.Add(
                (
                    errors.Key.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    Problem(string.Join(' ', errors.Select(error => $"`{error.Code.Code}`: {error.Code.Meaning}")))
                )
            );
        }
        answers.Add(("default", Problem("Any other problem.")));
        return ApiJson.Object([.. answers]);
    }

    private static FlowValue Problem(string description) =>
        ApiJson.Object(("description", FlowValue.From(description)), ("content", Content("application/problem+json", "Problem")));

    private static FlowValue Content(string mediaType, string type) =>
        ApiJson.Object((mediaType, ApiJson.Object(("schema", TypeText.Schema(type)))));

    private static FlowValue Parameter(string place, string name, bool isRequired, FlowValue schema) =>
        ApiJson.Object(
            ("name", FlowValue.From(name)),
            ("in", FlowValue.From(place)),
            ("required", FlowValue.From(isRequired)),
            ("schema", schema)
        );

    private static FlowValue Requirement(params ReadOnlySpan<string> schemes)
    {
        var names = new List<(string, FlowValue)>();
        foreach (var scheme in schemes)
            names.Add((scheme, ApiJson.Array()));
        return ApiJson.Object([.. names]);
    }

    private static FlowValue Bearer(string description) =>
        ApiJson.Object(
            ("type", FlowValue.From("http")),
            ("scheme", FlowValue.From("bearer")),
            ("description", FlowValue.From(description))
        );

    private static FlowValue ApiKey(string place, string name, string description) =>
        ApiJson.Object(
            ("type", FlowValue.From("apiKey")),
            ("in", FlowValue.From(place)),
            ("name", FlowValue.From(name)),
            ("description", FlowValue.From(description))
        );

    private static string MethodName(ApiOperation operation) => operation.Method.ToLowerInvariant();

    [GeneratedRegex(@":[^}]*\}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex PathParameter();

    [GeneratedRegex("\"#/components/schemas/([A-Za-z]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Word();
}

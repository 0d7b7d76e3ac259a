using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using Microsoft.AspNetCore.Routing;

namespace FlowEngine.AspNetCore.Web.Contract;

/// <summary>What an endpoint wants to see of its caller.</summary>
internal enum Credential
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The management key, or the console's session with its CSRF token.</summary>
    Management,

    /// <summary>The management key alone.</summary>
    ManagementKey,

    /// <summary>A refresh token.</summary>
    RefreshToken,
}

/// <summary>
/// Shared and immutable: one endpoint: where it is, who may call it, how often and with how much, and what the reference says of it.
/// Body, query and answer are
/// the records that its handler takes and returns.
/// </summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, with its parameters in braces.</param>
/// <param name="Handler">Answers it: it returns a record, or nothing for 204.</param>
/// <param name="Summary">What it does, in a few words.</param>
internal sealed record ApiRoute(string Method, string Path, Delegate Handler, string Summary)
{
    /// <summary>The group that it stands in.</summary>
    public required string Group { get; init; }

    /// <summary>What credential it takes.</summary>
    public required Credential Credential { get; init; }

    /// <summary>The least role of a caller with <see cref="Credential.Management"/>; null where there are no roles.</summary>
    public Role? Role { get; init; }

    /// <summary>The policy of <see cref="RateLimits"/> that counts it.</summary>
    public required string Limit { get; init; }

    /// <summary>How large its body may be.</summary>
    public BodySize Size { get; init; }

    /// <summary>Whether no body stands for an empty object.</summary>
    public bool IsBodyOptional { get; init; }

    /// <summary>More about it, in Markdown; null for nothing.</summary>
    public string? Description { get; init; }

    /// <summary>The status of success. Default 200.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>What its body is, of a handler that reads it itself.</summary>
    public Type? Body { get; init; }

    /// <summary>What its answer is, of a handler that writes it itself.</summary>
    public Type? Answer { get; init; }

    /// <summary>The answer's media type. Default JSON.</summary>
    public string AnswerType { get; init; } = "application/json";

    /// <summary>Headers of its answer that are its own, and what each says.</summary>
    public IReadOnlyList<(string Name, string Description)> AnswerHeaders { get; init; } = [];

    /// <summary>What it refuses with beyond <see cref="AllErrors"/>: status and code.</summary>
    public IReadOnlyList<(int Status, ErrorCode Code)> Errors { get; init; } = [];

    /// <summary>The record of its body; null for none.</summary>
    public Type? BodyType =>
        Body
        ?? Handler
            .Method.GetParameters()
            .Select(parameter => parameter.ParameterType)
            .FirstOrDefault(type =>
                type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IRequestBody<>))
            );

    /// <summary>The record of its query; null for none.</summary>
    public Type? QueryType =>
        Handler
            .Method.GetParameters()
            .Select(parameter => parameter.ParameterType)
            .FirstOrDefault(type => type.IsAssignableTo(typeof(IRequestQuery)));

    /// <summary>The record of its answer; null for none.</summary>
    public Type? AnswerRecord =>
        Answer
        ?? (
            Handler.Method.ReturnType is { IsGenericType: true } task && task.GetGenericTypeDefinition() == typeof(Task<>)
                ? task.GetGenericArguments()[0]
            : Handler.Method.ReturnType is { } type && type != typeof(Task) && type != typeof(void) ? type
            : null
        );

    /// <summary>All that it refuses with, also what every endpoint of its kind does.</summary>
    public IEnumerable<(int Status, ErrorCode Code)> AllErrors =>
        [
            .. Errors,
            .. BodyType is null
                ? []
                : new (int, ErrorCode)[] { (400, ApiErrors.Body), (413, ApiErrors.TooLarge), (415, ApiErrors.Body) }.Except(Errors),
            .. QueryType is null ? [] : new (int, ErrorCode)[] { (400, ApiErrors.Query) },
            .. Credential == Credential.Management
                ? new (int, ErrorCode)[] { (401, ApiErrors.Unauthorized), (403, ApiErrors.Forbidden), (403, ApiErrors.Csrf) }
                : [],
            .. new (int, ErrorCode)[] { (429, ApiErrors.RateLimited) }.Except(Errors),
        ];

    /// <summary>Its name in the document: method and words of the path.</summary>
    public string OperationId =>
        Method.ToLowerInvariant()
        + string.Concat(
            Path.Split(['/', '{', '}', '.', '-', ':'], StringSplitOptions.RemoveEmptyEntries)
                .Where(word => word != "int")
                .Select(word => char.ToUpperInvariant(word[0]) + word[1..])
        );
}

/// <summary>Stateless: maps routes.</summary>
internal static class ApiRouting
{
    /// <summary>Maps routes with all that they declare.</summary>
    public static void MapRoutes(this IEndpointRouteBuilder endpoints, IEnumerable<ApiRoute> routes)
    {
        foreach (var route in routes)
            endpoints.Map(route);
    }

    private static void Map(this IEndpointRouteBuilder endpoints, ApiRoute route)
    {
        // What binds a request to a handler's parameters is compiled, which takes milliseconds for each: not before somebody calls it.
        var endpoint = RouteHandlerServices
            .Map(
                endpoints,
                route.Path,
                route.Handler,
                [route.Method],
                RequestDelegateFactory.InferMetadata,
                (handler, options, metadata) =>
                {
                    var compiled = new Lazy<RequestDelegate>(() =>
                        RequestDelegateFactory.Create(handler, options, metadata).RequestDelegate
                    );
                    return new RequestDelegateResult(http => compiled.Value(http), metadata!.EndpointMetadata);
                }
            )
            .WithName(route.OperationId)
            .WithTags(route.Group)
            .WithSummary(route.Summary)
            .WithMetadata(route, new BodyRule(route.Size, route.IsBodyOptional))
            .RequireRateLimiting(route.Limit);
        if (route.Credential == Credential.Management || route.Path.StartsWith("/api/", StringComparison.Ordinal))
            endpoint.WithMetadata(
                new AccessRule(
                    route.Credential == Credential.Management
                        ? route.Role ?? throw new InvalidOperationException($"{route.Method} {route.Path} has no role.")
                        : null
                )
            );
        endpoint.Produces(route.Status, route.AnswerRecord, route.AnswerRecord is null ? null : route.AnswerType);
        foreach (var status in route.AllErrors.Select(error => error.Status).Distinct())
            endpoint.Produces<Problem>(status, "application/problem+json");
        // A handler that takes the request itself writes its answer itself.
        if (route.Answer is null)
            endpoint.AddEndpointFilter(
                async (context, next) => new RecordResult(route.Status, await next(context) is var answer and not IResult ? answer : null)
            );
    }

    /// <summary>Per request: writes a record.</summary>
    private sealed class RecordResult(int status, object? answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (answer is not null)
                return ApiAnswer.WriteAsync(httpContext, status, answer);
            httpContext.Response.StatusCode = status;
            return Task.CompletedTask;
        }
    }
}

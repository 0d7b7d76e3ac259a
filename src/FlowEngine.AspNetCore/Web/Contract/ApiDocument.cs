using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Storage;
using FlowEngine.Tracing;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FlowEngine.AspNetCore.Web.Contract;

/// <summary>
/// Stateless: the OpenAPI 3.1 document, made by Microsoft.AspNetCore.OpenApi of the routes, of the records that their handlers take and
/// return, and of the doc
/// comments of these. What is added here is what a record cannot say: who may call, codes of errors, queries, and the shape of values
/// that are passed on.
/// </summary>
internal static class ApiDocument
{
    /// <summary>The document's name, and that of its file.</summary>
    public const string Name = "v1";

    /// <summary>What Microsoft.AspNetCore.OpenApi notes of a member that is a record or null.</summary>
    private const string NullableProperty = "x-is-nullable-property";

    /// <summary>What types of the core are called here; the others are as in C#.</summary>
    private static readonly Dictionary<Type, string> OfTheCore = new()
    {
        [typeof(TraceStep)] = "Step",
        [typeof(TraceWarning)] = "StepWarning",
        [typeof(LineageEntry)] = "StepLineage",
        [typeof(LineageSource)] = "StepSource",
    };

    /// <summary>Adds what writes the document.</summary>
    /// <param name="services">The services.</param>
    /// <param name="version">The server's version.</param>
    public static IServiceCollection AddApiDocument(this IServiceCollection services, string version)
    {
        // Nothing is sent or read by these options: the document alone is made with them.
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Describe } };
        });
        services.AddTransient<IApiDescriptionProvider, BodyDescriptions>();
        return services.AddOpenApi(
            Name,
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.ShouldInclude = description => description.ActionDescriptor.EndpointMetadata.OfType<ApiRoute>().Any();
                options.CreateSchemaReferenceId = type =>
                    OfTheCore.TryGetValue(type.Type, out var core) ? core
                    : type.Type.IsDefined(typeof(SchemaNameAttribute), false)
                        ? ((SchemaNameAttribute)type.Type.GetCustomAttributes(typeof(SchemaNameAttribute), false)[0]).Name
                    : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
                options.AddSchemaTransformer(
                    (schema, context, _) =>
                    {
                        Refine(schema, context.JsonTypeInfo, context.JsonPropertyInfo);
                        return Task.CompletedTask;
                    }
                );
                options.AddOperationTransformer(
                    (operation, context, _) =>
                    {
                        Complete(operation, context);
                        return Task.CompletedTask;
                    }
                );
                options.AddDocumentTransformer(
                    (document, _, _) =>
                    {
                        Complete(document, version);
                        return Task.CompletedTask;
                    }
                );
            }
        );
    }

    /// <summary>A member as it is sent: what it holds, whether it may be left out, and whether it may be null.</summary>
    private static void Describe(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            var property = type.Properties[i];
            if (
                property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), false)
                is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Always }]
            )
            {
                // Nothing that is ever told.
                type.Properties.RemoveAt(i);
                continue;
            }
            var parameter = property.AssociatedParameter;
            var ignored = property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), false) is { Length: > 0 };
            var isBody = type
                .Type.GetInterfaces()
                .Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IRequestBody<>));
            var holds = property.AttributeProvider?.GetCustomAttributes(typeof(HoldsAttribute), false) is [HoldsAttribute held, ..]
                ? held
                : null;
            var isNullable = holds?.OrNull ?? parameter?.IsNullable ?? property.IsGetNullable;
            var shown = type.CreateJsonPropertyInfo(Shown(holds?.Type ?? property.PropertyType), property.Name);
            shown.Get = property.Get;
            // Nothing is read; but only what could be read can be needed.
            shown.Set = static (_, _) => { };
            shown.AttributeProvider = property.AttributeProvider;
            shown.IsRequired = !ignored && parameter is not { HasDefaultValue: true } && !(isBody && isNullable);
            shown.IsGetNullable =
                !ignored && !isBody && parameter is not { HasDefaultValue: true } && isNullable && IsReference(shown.PropertyType);
            shown.Order = property.Order;
            type.Properties[i] = shown;
        }
    }

    private static bool IsReference(Type type) => !type.IsValueType;

    /// <summary>A type that says how a value of ours looks in JSON.</summary>
    private static Type Shown(Type type) =>
        type == typeof(FlowValue) ? typeof(JsonNode)
        : type == typeof(FlowObject) ? typeof(JsonObject)
        : type == typeof(UnixTime) ? typeof(DateTimeOffset)
        : type == typeof(UnixTime?) ? typeof(DateTimeOffset?)
        : type == typeof(ProblemCurrent) ? typeof(JsonNode)
        : type;

    /// <summary>What is needed and what may be null is as <see cref="Describe"/> has it, not as the constructors of records
    /// suggest.</summary>
    private static void Refine(OpenApiSchema schema, JsonTypeInfo type, JsonPropertyInfo? property)
    {
        if (type.Kind == JsonTypeInfoKind.Object && schema.Properties is { Count: > 0 })
            schema.Required = type.Properties.Where(member => member.IsRequired).Select(member => member.Name).ToHashSet();
        if (property is null)
            return;
        if (!property.IsGetNullable && Nullable.GetUnderlyingType(property.PropertyType) is null)
        {
            schema.Type &= ~JsonSchemaType.Null;
            schema.Metadata?.Remove(NullableProperty);
        }
        else if (property.IsGetNullable && type.Kind == JsonTypeInfoKind.Object)
        {
            (schema.Metadata ??= new Dictionary<string, object>())[NullableProperty] = true;
        }
        if (property.AttributeProvider?.GetCustomAttributes(typeof(OneOfAttribute), false) is [OneOfAttribute one, ..])
            schema.Enum = ValuesOf(one, schema.Type?.HasFlag(JsonSchemaType.Null) == true);
    }

    private static List<JsonNode> ValuesOf(OneOfAttribute one, bool isNullable)
    {
        var values = one.Values.Select(value => (JsonNode)value).ToList();
        if (isNullable)
            values.Add(null!);
        return values;
    }

    private static void Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var route = context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiRoute>().Single();
        operation.Summary = route.Summary;
        operation.Description =
            $"{route.Description} {(route.Role is { } role ? $"Needs the role `{Management.Access.Roles.Name(role)}`." : "")}".Trim();
        operation.Security = SecurityOf(route.Credential, context.Document!);
        foreach (var (name, parameter) in route.QueryType is { } query ? RequestQuery.Of(query) : [])
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Query,
                    Required = parameter.IsDefined(typeof(NeededAttribute), false),
                    Schema = SchemaOf(parameter),
                }
            );
        }
        foreach (var errors in route.AllErrors.GroupBy(error => error.Status))
        {
            if (operation.Responses![$"{errors.Key}"] is OpenApiResponse response)
                response.Description = string.Join(' ', errors.Select(error => $"`{error.Code.Code}`: {error.Code.Meaning}").Distinct());
        }
        if (operation.Responses![$"{route.Status}"] is OpenApiResponse done)
        {
            done.Description = "Done.";
            foreach (var (name, description) in route.AnswerHeaders)
                (done.Headers ??= new Dictionary<string, IOpenApiHeader>())[name] = new OpenApiHeader
                {
                    Description = description,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                };
        }
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "Any other problem.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(nameof(Problem), context.Document) },
            },
        };
    }

    private static OpenApiSchema SchemaOf(System.Reflection.ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(PageSize))
            return new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Minimum = "1",
                Maximum = $"{ApiQuery.LargestPage}",
                Default = ApiQuery.DefaultPage,
            };
        if (type == typeof(long?))
            return new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" };
        if (type == typeof(bool))
            return new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = false };
        if (type == typeof(DateTimeOffset?))
            return new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" };
        return new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            MaxLength = BodyCheck.MaxShortLength,
            Enum = parameter.GetCustomAttributes(typeof(OneOfAttribute), false) is [OneOfAttribute one, ..] ? ValuesOf(one, false) : null,
        };
    }

    private static List<OpenApiSecurityRequirement>? SecurityOf(Credential credential, OpenApiDocument document)
    {
        return credential switch
        {
            Credential.Management => [Of("managementKey"), Of("session", "csrf")],
            Credential.ManagementKey => [Of("managementKey")],
            Credential.RefreshToken => [Of("refreshToken")],
            _ => null,
        };

        OpenApiSecurityRequirement Of(params string[] schemes)
        {
            var requirement = new OpenApiSecurityRequirement();
            foreach (var scheme in schemes)
                requirement.Add(new OpenApiSecuritySchemeReference(scheme, document), []);
            return requirement;
        }
    }

    private static void Complete(OpenApiDocument document, string version)
    {
        document.Info = new OpenApiInfo
        {
            Title = "FlowEngine",
            Version = version,
            Description =
                "Login flows: their runs, tokens and management. Every error is problem details (RFC 9457) with a stable `errorCode`.",
        };

        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["managementKey"] = Bearer("The management key, alone or as `projectId:key`."),
            ["refreshToken"] = Bearer("A refresh token, alone or as `projectId:token`."),
            ["session"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = "flowengine-console",
                Description = "The console's session. Over HTTPS its name begins with `__Host-`.",
            },
            ["csrf"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "X-CSRF-Token",
                Description = "The `csrfToken` of `GET /api/session`, on every request that is not GET.",
            },
        };
    }

    private static OpenApiSecurityScheme Bearer(string description) =>
        new()
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = description,
        };

    /// <summary>
    /// Stateless: tells what bodies are. An endpoint that said so itself (<c>Accepts</c>) would be passed over by the routing where the
    /// content type
    /// is another one: before it is known who asks, and without a word of what is wrong.
    /// </summary>
    private sealed class BodyDescriptions : IApiDescriptionProvider
    {
        /// <summary>Behind the one that finds the endpoints.</summary>
        public int Order => 0;

        public void OnProvidersExecuting(ApiDescriptionProviderContext context)
        {
            foreach (var description in context.Results)
            {
                if (description.ActionDescriptor.EndpointMetadata.OfType<ApiRoute>().FirstOrDefault() is not { BodyType: { } body } route)
                    continue;
                description.ParameterDescriptions.Add(
                    new ApiParameterDescription
                    {
                        Name = body.Name,
                        Type = body,
                        Source = BindingSource.Body,
                        IsRequired = !route.IsBodyOptional,
                    }
                );
                description.SupportedRequestFormats.Add(new ApiRequestFormat { MediaType = "application/json" });
            }
        }

        public void OnProvidersExecuted(ApiDescriptionProviderContext context) { }
    }
}

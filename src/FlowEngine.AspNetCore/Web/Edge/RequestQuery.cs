using System.Reflection;
using System.Text.Json;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>What a request's address asks for, as a record of one constructor: a handler takes it as a parameter. A member is a text,
/// number,
/// flag, time or <see cref="PageSize"/> of its name in camel case.</summary>
/// <typeparam name="TSelf">The record.</typeparam>
internal interface IRequestQuery<TSelf> : IBindableFromHttpContext<TSelf>, IRequestQuery
    where TSelf : class, IRequestQuery<TSelf>
{
    static ValueTask<TSelf?> IBindableFromHttpContext<TSelf>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult((TSelf?)RequestQuery.Read(typeof(TSelf), context));
}

/// <summary>Marks the records of queries.</summary>
internal interface IRequestQuery;

/// <summary>How many entries to list: 1 to 200, default 50.</summary>
/// <param name="Count">The number.</param>
internal readonly record struct PageSize(int Count);

/// <summary>Stateless: reads queries.</summary>
internal static class RequestQuery
{
    /// <summary>The parameters of a query, by the names they have in an address.</summary>
    public static IEnumerable<(string Name, ParameterInfo Parameter)> Of(Type query) =>
        query
            .GetConstructors()[0]
            .GetParameters()
            .Select(parameter => (JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!), parameter));

    /// <summary>Reads a query.</summary>
    /// <exception cref="ApiException">A parameter cannot be used.</exception>
    public static object Read(Type query, HttpContext http)
    {
        object?[] values = [.. Of(query).Select(member => Read(http, member.Name, member.Parameter.ParameterType))];
        return query.GetConstructors()[0].Invoke(BindingFlags.DoNotWrapExceptions, null, values, null);
    }

    private static object? Read(HttpContext http, string name, Type type)
    {
        if (type == typeof(string))
            return ApiQuery.Text(http, name);
        if (type == typeof(long?))
            return ApiQuery.Number(http, name);
        if (type == typeof(bool))
            return ApiQuery.Flag(http, name);
        if (type == typeof(DateTimeOffset?))
            return ApiQuery.Time(http, name);
        if (type == typeof(PageSize))
            return new PageSize(ApiQuery.Limit(http));
        throw new InvalidOperationException($"A query cannot have a {type}.");
    }
}

using System.Globalization;
using FlowEngine.Model;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Stateless: reads what a request's address says.</summary>
internal static class ApiQuery
{
    /// <summary>How many entries a page has unless the caller says so.</summary>
    public const int DefaultPage = 50;

    /// <summary>How many entries a page has at most.</summary>
    public const int LargestPage = 200;

    /// <summary>The id in a path.</summary>
    /// <exception cref="ApiException">No id can look like that, so there is nothing of that id.</exception>
    public static string Id(string id) => Identifier.IsValid(id) ? id : throw NotFound("There is nothing of this id.");

    /// <summary>A text; null when it is not given or empty.</summary>
    /// <exception cref="ApiException">It is too long, or no text at all.</exception>
    public static string? Text(HttpContext http, string name)
    {
        if (http.Request.Query[name].ToString() is not { Length: > 0 } text)
            return null;
        return text.Length <= 256 && !text.Contains('\0', StringComparison.Ordinal)
            ? text
            : throw Wrong(name, "a text of at most 256 characters");
    }

    /// <summary>A whole number that is not negative; null when it is not given.</summary>
    /// <exception cref="ApiException">It is no such number.</exception>
    public static long? Number(HttpContext http, string name)
    {
        if (http.Request.Query[name].ToString() is not { Length: > 0 } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(name, "a whole number");
    }

    /// <summary>Whether something is asked for; false when it is not given.</summary>
    /// <exception cref="ApiException">It is neither true nor false.</exception>
    public static bool Flag(HttpContext http, string name) =>
        http.Request.Query[name].ToString() switch
        {
            "true" => true,
            "" or "false" => false,
            _ => throw Wrong(name, "true or false"),
        };

    /// <summary>How many entries to list.</summary>
    /// <exception cref="ApiException">It is no such number.</exception>
    public static int Limit(HttpContext http)
    {
        if (http.Request.Query["limit"].ToString() is not { Length: > 0 } text)
            return DefaultPage;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= LargestPage
            ? number
            : throw Wrong("limit", $"a whole number from 1 to {LargestPage}");
    }

    /// <summary>A time; null when it is not given.</summary>
    /// <exception cref="ApiException">It is no time.</exception>
    public static DateTimeOffset? Time(HttpContext http, string name)
    {
        if (http.Request.Query[name].ToString() is not { Length: > 0 } text)
            return null;
        return DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : throw Wrong(name, "a time such as 2030-01-31T12:00:00Z");
    }

    /// <summary>There is nothing like that.</summary>
    public static ApiException NotFound(string message) => new(StatusCodes.Status404NotFound, ApiErrors.NotFound, message);

    /// <summary>A parameter cannot be used.</summary>
    public static ApiException Wrong(string name, string what) =>
        new(StatusCodes.Status400BadRequest, ApiErrors.Query, $"'{name}' is not {what}.");
}

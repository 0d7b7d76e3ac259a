using FlowEngine.AspNetCore.Web.Edge;

namespace FlowEngine.AspNetCore.Web.Management.Sessions;

/// <summary>Stateless: which names and passwords people of the console may have.</summary>
internal static class PersonRules
{
    /// <summary>The fewest characters of a password.</summary>
    public const int LeastPasswordLength = 12;

    /// <summary>The most characters of a password: hashing costs the same whatever its length, reading it does not.</summary>
    public const int MostPasswordLength = 256;

    /// <summary>Checks the name of a new person.</summary>
    /// <exception cref="ApiException">It cannot be used.</exception>
    public static void CheckName(string name)
    {
        if (
            name.Length is 0 or > 100
            || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '@')
            || name is "." or ".."
        )
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, ConsoleErrors.Name);
    }

    /// <summary>Checks a new password.</summary>
    /// <exception cref="ApiException">It cannot be used.</exception>
    public static void CheckPassword(string password)
    {
        if (password.Length is < LeastPasswordLength or > MostPasswordLength)
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, ConsoleErrors.Password);
    }
}

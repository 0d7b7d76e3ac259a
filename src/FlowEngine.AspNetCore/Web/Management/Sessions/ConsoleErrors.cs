using FlowEngine.Errors;

namespace FlowEngine.AspNetCore.Web.Management.Sessions;

/// <summary>Shared and immutable: the codes of the console's people and sessions.</summary>
internal static class ConsoleErrors
{
    /// <summary>Name or password are wrong.</summary>
    public static readonly ErrorCode Credentials = new(
        "console.credentials",
        "Name or password are wrong.",
        "Try again, or have an admin set a new password."
    );

    /// <summary>Too many tries.</summary>
    public static readonly ErrorCode TooManyTries = new(
        "console.too_many_tries",
        "There were too many wrong tries.",
        "Wait as many seconds as the header Retry-After says, then try again."
    );

    /// <summary>Too many passwords are being checked.</summary>
    public static readonly ErrorCode Busy = new(
        "console.busy",
        "Too many passwords are being checked just now.",
        "Wait as many seconds as the header Retry-After says, then try again."
    );

    /// <summary>A setup link that is of no use.</summary>
    public static readonly ErrorCode Setup = new(
        "console.setup",
        "The setup link was used, has expired, or is not needed any more.",
        "Sign in; while there are no people yet, each start of the server prints a new link."
    );

    /// <summary>A name that cannot be used.</summary>
    public static readonly ErrorCode Name = new(
        "console.name",
        "The name cannot be used.",
        "Use 1 to 100 letters, digits, '.', '_', '-', '+' or '@', such as an e-mail address."
    );

    /// <summary>A password that cannot be used.</summary>
    public static readonly ErrorCode Password = new(
        "console.password",
        "The password cannot be used.",
        "Choose one of 12 to 256 characters."
    );

    /// <summary>A role that there is not.</summary>
    public static readonly ErrorCode Role = new("console.role", "There is no such role.", "Use viewer, designer or admin.");

    /// <summary>The name is taken.</summary>
    public static readonly ErrorCode UserExists = new("console.user_exists", "There is somebody of this name.", "Choose another name.");

    /// <summary>The last admin would be gone.</summary>
    public static readonly ErrorCode LastAdmin = new(
        "console.last_admin",
        "Nobody would be left who is admin.",
        "Make somebody else admin first."
    );

    /// <summary>All of them, in the order declared.</summary>
    public static IReadOnlyList<ErrorCode> All => ErrorCatalogue.Of(typeof(ConsoleErrors));
}

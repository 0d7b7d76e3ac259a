namespace FlowEngine.Server.Demo;

/// <summary>Stateless: where the sample flows are: <c>flows/</c> of the current folder, else the copy beside the executable.</summary>
internal static class SampleFlows
{
    /// <summary>The folder.</summary>
    public static string Folder => Path.GetDirectoryName(Login)!;

    /// <summary>The sample login flow.</summary>
    public static string Login
    {
        get
        {
            var here = Path.Combine("flows", "login.flow.json");
            return File.Exists(here) ? here : Path.Combine(AppContext.BaseDirectory, here);
        }
    }
}

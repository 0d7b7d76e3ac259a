using System.Diagnostics.CodeAnalysis;

/// <summary>What the runtime calls first in a process with DOTNET_STARTUP_HOOKS: at the end it writes which assemblies were loaded. It must
/// have this name and no namespace.</summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for the type by this name.")]
internal static class StartupHook
{
    public const string ListVariable = "LOADED_ASSEMBLIES_LIST";

    public static void Initialize() =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            File.WriteAllLines(
                Environment.GetEnvironmentVariable(ListVariable)!,
                AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name!)
            );
}

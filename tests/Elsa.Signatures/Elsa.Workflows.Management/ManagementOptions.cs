namespace Elsa.Workflows.Management.Options;

public class ManagementOptions
{
    public HashSet<Type> ActivityTypes
    {
        get => throw null!;
        set => throw null!;
    }
}

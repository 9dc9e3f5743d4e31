using System.Reflection;

namespace SessionReplay.AspNetCore;

/// <summary>
/// Finds the adapter that the configuration chose. Each of its three errors names the path in the configuration and says how to fix it.
/// </summary>
internal static class AdapterResolver
{
    public static ISessionReplayAdapter Resolve(AdapterKind kind, string name, string path, Func<AssemblyName, Assembly>? load = null)
    {
        if (AdapterNames.Find(kind, name) is not var (known, assemblyName))
        {
            var names = AdapterNames.Of(kind).ToList();
            var meant = NearestName.Find(name, names) is { } nearest
                ? $"did you mean '{nearest}'?"
                : $"known are: {string.Join(", ", names)}.";
            throw new InvalidOperationException(
                $"'{path}' is '{name}', which is unknown; {meant} Otherwise register an adapter of your own in code.");
        }

        Assembly assembly;
        try
        {
            assembly = (load ?? Assembly.Load)(new AssemblyName(assemblyName));
        }
        catch (FileNotFoundException e)
        {
            throw new InvalidOperationException(
                $"'{path}' is '{known}' but {assemblyName} is not referenced. Run `dotnet add package {assemblyName}`.", e);
        }
        catch (Exception e) when (e is FileLoadException or BadImageFormatException)
        {
            throw Incompatible(path, known, assemblyName, e);
        }

        return Create(assembly, kind, known) ?? throw Incompatible(path, known, assemblyName, null);
    }

    private static ISessionReplayAdapter? Create(Assembly assembly, AdapterKind kind, string name)
    {
        foreach (var adapter in assembly.GetCustomAttributes<SessionReplayAdapterAttribute>())
        {
            if (adapter.Kind == kind && adapter.Name == name)
            {
                return Activator.CreateInstance(adapter.AdapterType) as ISessionReplayAdapter;
            }
        }

        return null;
    }

    private static InvalidOperationException Incompatible(string path, string name, string assembly, Exception? e) => new(
        $"'{path}' is '{name}' but the {assembly} that is referenced does not fit this version of SessionReplay.AspNetCore. "
        + "Reference the same version of all SessionReplay packages.",
        e);
}

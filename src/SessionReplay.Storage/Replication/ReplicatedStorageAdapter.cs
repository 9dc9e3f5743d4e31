using Microsoft.Extensions.Configuration;

namespace SessionReplay.Storage.Replication;

/// <summary>Adds the replicated blob store when the configuration names it, with the members that its section names.</summary>
internal sealed class ReplicatedStorageAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section)
    {
        var adapters = builder as ISessionReplayAdapterSource
            ?? throw new InvalidOperationException(
                "This builder cannot find adapters by name: add the replicated store in code, with AddReplicatedStorage.");
        builder.AddReplicatedStorage(
            section.Path,
            members =>
            {
                Add(members, adapters, section.GetSection("Primary"));
                foreach (var secondary in section.GetSection("Secondaries").GetChildren())
                {
                    Add(members, adapters, secondary);
                }
            },
            options => section.Bind(options));
    }

    private static void Add(ReplicatedStorageMembers members, ISessionReplayAdapterSource adapters, IConfigurationSection section)
    {
        var name = section["Name"]
            ?? throw new InvalidOperationException($"'{section.Path}:Name' is missing: name the member, for instance after its region.");
        var provider = section["Provider"]
            ?? throw new InvalidOperationException($"'{section.Path}:Provider' is missing: name the member's adapter, for instance 'S3'.");
        if (string.Equals(provider, "Replicated", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException(
                $"'{section.Path}:Provider' is 'Replicated': a replicated store cannot be a member of another. List all members in one.");
        }

        var adapter = adapters.FindAdapter(AdapterKind.Storage, provider, $"{section.Path}:Provider");
        members.Add(name, $"'{section.Path}'", member => adapter.Configure(member, section.GetSection(provider)));
    }
}

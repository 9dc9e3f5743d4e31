using System.Text.RegularExpressions;

namespace SessionReplay.Storage.Replication;

/// <summary>Takes the members of a replicated store; the first is the primary.</summary>
public sealed partial class ReplicatedStorageMembers
{
    private readonly List<MemberRegistration> _members = [];

    internal ReplicatedStorageMembers()
    {
    }

    internal IReadOnlyList<MemberRegistration> Registrations => _members;

    /// <summary>Adds a member.</summary>
    /// <param name="name">Its name: 1 to 32 characters of <c>a</c>–<c>z</c>, <c>0</c>–<c>9</c> and <c>-</c>. It belongs to the store behind
    /// it for good.</param>
    /// <param name="configure">Registers its adapter, for instance <c>member => member.AddS3Storage(…)</c>.</param>
    /// <returns>The same object.</returns>
    /// <exception cref="ArgumentException">The name is not of that form, or another member has it.</exception>
    public ReplicatedStorageMembers Add(string name, Action<ISessionReplayBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(name, $"The member '{name}' of the replicated store", configure);
    }

    internal ReplicatedStorageMembers Add(string name, string path, Action<ISessionReplayBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!NameForm().IsMatch(name))
        {
            throw new ArgumentException($"{path}: the name '{name}' must have 1 to 32 characters of a-z, 0-9 and '-'.", nameof(name));
        }

        if (_members.Exists(member => member.Name == name))
        {
            throw new ArgumentException($"{path}: another member has the name '{name}'; give each its own.", nameof(name));
        }

        _members.Add(new(name, path, configure));
        return this;
    }

    [GeneratedRegex("^[a-z0-9-]{1,32}$", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}

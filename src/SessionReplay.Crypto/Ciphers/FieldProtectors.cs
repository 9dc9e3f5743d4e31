using SessionReplay.Keys;

namespace SessionReplay.Crypto.Ciphers;

/// <summary>The field protectors of several sessions; a damaged key row is an error of its own session only.</summary>
internal sealed class FieldProtectors : IFieldProtectors
{
    private readonly Dictionary<SessionId, FieldProtector> _protectors = [];
    private readonly Dictionary<SessionId, FormatRejectedException> _damaged = [];
    private readonly TenantId _tenant;

    public FieldProtectors(TenantId tenant, IEnumerable<DataKeyEntry> entries, MetadataCipher metadata)
    {
        _tenant = tenant;
        foreach (var entry in entries)
        {
            var session = new SessionId(entry.Id.Id);
            try
            {
                _protectors.Add(session, metadata.OpenFactsKey(session, entry.SealedFactsKey));
            }
            catch (FormatRejectedException e)
            {
                _damaged.Add(session, e);
            }
        }
    }

    public IFieldProtector Of(SessionId session)
    {
        if (_damaged.TryGetValue(session, out var damage))
        {
            throw new FormatRejectedException(damage.Rule, "The facts key of the session is damaged.");
        }

        return _protectors.TryGetValue(session, out var protector)
            ? protector
            : throw new KeyDeletedException(DataKeyId.OfSession(new(_tenant, session)));
    }

    public void Dispose()
    {
        foreach (var protector in _protectors.Values)
        {
            protector.Dispose();
        }
    }
}

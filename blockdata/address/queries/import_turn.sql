-- Writers of an area's register take turns by the row of its counter, which a load makes if need be.
INSERT INTO register.event_counter AS c (area_id, last_seq, last_at)
VALUES (:area_id, 0, district.clock_now())
ON CONFLICT (area_id) DO UPDATE SET last_seq = c.last_seq

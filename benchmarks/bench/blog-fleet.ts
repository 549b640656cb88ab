/** The blog post's fleet, whatever cdk.json has, so that figures can be compared. */
export const blogFleet = {
  topic: 'cars/data',
  cars: ['car1', 'car2'],
  groups: { group2: ['subscriber2A', 'subscriber2B'] },
  consumers: ['consumer3'],
};
